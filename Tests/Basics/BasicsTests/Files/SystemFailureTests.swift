import Basics
import Foundation
import Testing

@Suite struct SystemFailureTests {
  @Test(arguments: [
    (EACCES, true), (EPERM, true), (ENOENT, true), (ENOSPC, true), (EDQUOT, true), (EROFS, true), (EIO, true),
    (EMFILE, true), (ENOMEM, true), (EBUSY, true), (EINTR, true), (ENOTDIR, true), (ENAMETOOLONG, false),
    (EISDIR, false), (ELOOP, false), (EINVAL, false),
  ])
  func `what waiting, room or an operator can mend is worth another attempt`(code: Int32, isWorthIt: Bool) {
    #expect(SystemFailure(code).isWorthAnotherAttempt == isWorthIt)
  }

  @Test func `it says what the system says`() {
    #expect(SystemFailure(ENOSPC).description == "No space left on device")
  }
}
