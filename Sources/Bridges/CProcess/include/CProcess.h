#pragma once

#include <sys/types.h>

/// Starts a program in a process group of its own. The kernel kills it (SIGKILL) when the calling THREAD ends, so the caller's
/// thread has to live as long as the child. Standard input is /dev/null; standard output and error go to `output`; no other
/// descriptor is passed on, and signals are as in a fresh process.
///
/// Returns the process id, or the negated errno of what failed, `execve` included.
pid_t cprocess_spawn(
    const char *path, char *const argv[], char *const environment[], const char *directory, int output);

/// Blocks until a child has ended and leaves it as a zombie, so that neither its id nor its group's can be given to another.
/// One of `code` and `signal` is set, the other is -1. Returns 0, or an errno.
int cprocess_await(pid_t pid, int *code, int *signal);

/// Takes an ended child away.
void cprocess_reap(pid_t pid);

/// Gives freed memory back to the system where the C library can (glibc); elsewhere nothing happens.
void cprocess_trim_heap(void);

/// One heap for all threads of the process, which keeps up to `kept` freed bytes at its end, where the C library can do that
/// (glibc). To be called before there are threads.
void cprocess_share_heap(int kept);
