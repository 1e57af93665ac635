/* Preloaded into the command: lets the N-th call of a function fail. KERAFT_FAULT is FUNCTION:N:ERRNO; the ERRNO 0 makes a
   write short instead. KERAFT_FAULT_ALWAYS lets all calls from the N-th on fail. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_int calls;

/* 0: go on; 1: fail with errno; 2: do half. */
static int fault(const char* name) {
  const char* wanted = getenv("KERAFT_FAULT");
  int at = 0, code = 0;
  char function[32];
  if (!wanted || sscanf(wanted, "%31[^:]:%d:%d", function, &at, &code) != 3 || strcmp(name, function) != 0) return 0;
  const int now = ++calls;
  if (now < at || (now > at && !getenv("KERAFT_FAULT_ALWAYS"))) return 0;
  errno = code;
  return code ? 1 : 2;
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  REAL(pwrite);
  const int how = fault("pwrite");
  return how == 1 ? -1 : real(fd, bytes, how == 2 && size > 1 ? size / 2 : size, offset);
}
ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t offset) {
  REAL(pwrite64);
  const int how = fault("pwrite");
  return how == 1 ? -1 : real(fd, bytes, how == 2 && size > 1 ? size / 2 : size, offset);
}
ssize_t pread(int fd, void* bytes, size_t size, off_t offset) {
  REAL(pread);
  const int how = fault("pread");
  return how == 1 ? -1 : real(fd, bytes, how == 2 && size > 1 ? size / 2 : size, offset);
}
ssize_t pread64(int fd, void* bytes, size_t size, off64_t offset) {
  REAL(pread64);
  const int how = fault("pread");
  return how == 1 ? -1 : real(fd, bytes, how == 2 && size > 1 ? size / 2 : size, offset);
}
int fsync(int fd) {
  REAL(fsync);
  return fault("fsync") ? -1 : real(fd);
}
int rename(const char* from, const char* to) {
  REAL(rename);
  return fault("rename") ? -1 : real(from, to);
}
int fallocate(int fd, int mode, off_t offset, off_t size) {
  REAL(fallocate);
  return fault("fallocate") ? -1 : real(fd, mode, offset, size);
}
int fallocate64(int fd, int mode, off64_t offset, off64_t size) {
  REAL(fallocate64);
  return fault("fallocate") ? -1 : real(fd, mode, offset, size);
}
char* mkdtemp(char* pattern) {
  REAL(mkdtemp);
  return fault("mkdtemp") ? NULL : real(pattern);
}
