/* What a machine does to a process and no test can do to a machine: the wall clock jumps, and a folder becomes read-only
 * while files in it are open for writing (the kernel refuses to remount a file system then; it does so by itself after
 * an error of the disk). Loaded into a process before its libraries:
 *
 *   LD_PRELOAD=trouble.so LEDGERWAY_TROUBLE=FILE LEDGERWAY_TROUBLE_FOLDER=FOLDER program
 *
 * FILE holds two numbers of 64 bits in the machine's order, read at each call: by how many seconds the wall clock is off,
 * and whether everything below FOLDER is read-only. Whoever writes them changes both while the program runs.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

struct trouble {
    _Atomic int64_t seconds_off;
    _Atomic int64_t read_only;
};

static struct trouble none;
static struct trouble *trouble = &none;
static char folder[PATH_MAX];
static size_t folder_length;

static void *next_clock_gettime, *next_gettimeofday, *next_open, *next_openat, *next_write, *next_pwrite, *next_ftruncate,
    *next_rename, *next_unlink, *next_mkdir;

/* Others' constructors may call before ours has run, so whoever needs one looks. */
static void *next(void **kept, const char *name) {
    if (!*kept) *kept = dlsym(RTLD_NEXT, name);
    if (!*kept) {
        fprintf(stderr, "trouble.so: the C library has no %s\n", name);
        abort();
    }
    return *kept;
}

#define NEXT(name) ((__typeof__(&(name)))next(&next_##name, #name))

__attribute__((constructor)) static void begin(void) {
    const char *file = getenv("LEDGERWAY_TROUBLE");
    const char *below = getenv("LEDGERWAY_TROUBLE_FOLDER");
    int fd;
    void *mapped;
    if (below && strlen(below) < sizeof folder) {
        strcpy(folder, below);
        folder_length = strlen(folder);
    }
    if (!file) return;
    fd = NEXT(open)(file, O_RDONLY | O_CLOEXEC);
    mapped = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *trouble, PROT_READ, MAP_SHARED, fd, 0);
    if (mapped == MAP_FAILED) {
        fprintf(stderr, "trouble.so: %s cannot be used: %s\n", file, strerror(errno));
        abort();
    }
    close(fd);
    trouble = mapped;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int failed = NEXT(clock_gettime)(clock, now);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += trouble->seconds_off;
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    int failed = NEXT(gettimeofday)(now, zone);
    if (!failed) now->tv_sec += trouble->seconds_off;
    return failed;
}

time_t time(time_t *where) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (where) *where = now.tv_sec;
    return now.tv_sec;
}

static int is_below(const char *path) {
    return folder_length && strncmp(path, folder, folder_length) == 0 &&
           (path[folder_length] == '/' || path[folder_length] == '\0');
}

static int refused(const char *path) { return trouble->read_only && is_below(path); }

static int refused_file(int fd) {
    char link[64], path[PATH_MAX];
    ssize_t length;
    if (!trouble->read_only) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = '\0';
    return is_below(path);
}

static int read_only(void) {
    errno = EROFS;
    return -1;
}

static int writes(int flags) { return (flags & O_ACCMODE) != O_RDONLY || flags & (O_CREAT | O_TRUNC); }

static mode_t mode_of(int flags, va_list rest) {
    return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(rest, mode_t) : 0;
}

int open(const char *path, int flags, ...) {
    mode_t mode;
    va_list rest;
    va_start(rest, flags);
    mode = mode_of(flags, rest);
    va_end(rest);
    return writes(flags) && refused(path) ? read_only() : NEXT(open)(path, flags, mode);
}

/* Every path that our programs give here is absolute. */
int openat(int at, const char *path, int flags, ...) {
    mode_t mode;
    va_list rest;
    va_start(rest, flags);
    mode = mode_of(flags, rest);
    va_end(rest);
    return writes(flags) && refused(path) ? read_only() : NEXT(openat)(at, path, flags, mode);
}

ssize_t write(int fd, const void *bytes, size_t count) {
    return refused_file(fd) ? read_only() : NEXT(write)(fd, bytes, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
    return refused_file(fd) ? read_only() : NEXT(pwrite)(fd, bytes, count, at);
}

int ftruncate(int fd, off_t length) { return refused_file(fd) ? read_only() : NEXT(ftruncate)(fd, length); }

int rename(const char *from, const char *to) {
    return refused(from) || refused(to) ? read_only() : NEXT(rename)(from, to);
}

int unlink(const char *path) { return refused(path) ? read_only() : NEXT(unlink)(path); }

int mkdir(const char *path, mode_t mode) { return refused(path) ? read_only() : NEXT(mkdir)(path, mode); }

/* The names under which programs that know large files call the same. */
int open64(const char *, int, ...) __attribute__((alias("open")));
int openat64(int, const char *, int, ...) __attribute__((alias("openat")));
ssize_t pwrite64(int, const void *, size_t, off_t) __attribute__((alias("pwrite")));
int ftruncate64(int, off_t) __attribute__((alias("ftruncate")));
