#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Between fork and exec only async-signal-safe functions may be called: the parent has many threads.
static void become_program(
    const char *path, char *const argv[], char *const environment[], const char *directory, int output, pid_t parent,
    int report) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);  // The parent ended before the line above could take effect.
  setpgid(0, 0);
  struct sigaction standard = {.sa_handler = SIG_DFL};
  for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  int input = open("/dev/null", O_RDONLY);
  if (input < 0 || dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0) goto failed;
  if (directory && chdir(directory) != 0) goto failed;
  syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC);
  execve(path, argv, environment);
failed:;
  int problem = errno;
  ssize_t written = write(report, &problem, sizeof problem);
  (void)written;
  _exit(127);
}

pid_t cprocess_spawn(
    const char *path, char *const argv[], char *const environment[], const char *directory, int output) {
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) return -errno;
  pid_t parent = getpid();
  // Not fork(): libraries hang handlers on it (OpenBLAS waits for its threads there), and a child that only calls exec
  // needs none of them.
  pid_t pid = _Fork();
  if (pid < 0) {
    int problem = errno;
    close(report[0]);
    close(report[1]);
    return -problem;
  }
  if (pid == 0) become_program(path, argv, environment, directory, output, parent, report[1]);
  close(report[1]);
  // exec closes the pipe: nothing read means that the program runs.
  int problem = 0;
  ssize_t count;
  do count = read(report[0], &problem, sizeof problem);
  while (count < 0 && errno == EINTR);
  close(report[0]);
  if (count != sizeof problem) return pid;
  cprocess_reap(pid);
  return -problem;
}

int cprocess_await(pid_t pid, int *code, int *signal) {
  siginfo_t info;
  int result;
  do result = waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
  while (result != 0 && errno == EINTR);
  if (result != 0) return errno;
  *code = info.si_code == CLD_EXITED ? info.si_status : -1;
  *signal = info.si_code == CLD_EXITED ? -1 : info.si_status;
  return 0;
}

void cprocess_reap(pid_t pid) {
  int status;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
}

#ifdef __GLIBC__
#include <malloc.h>
void cprocess_trim_heap(void) { malloc_trim(0); }
#else
void cprocess_trim_heap(void) {}
#endif

void cprocess_share_heap(int kept) {
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, kept);
  mallopt(M_TRIM_THRESHOLD, kept);
#else
  (void)kept;
#endif
}
