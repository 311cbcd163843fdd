/* User-mode Linux reads and writes the floating point registers of its processes into an area of fixed size. On a
 * processor whose registers need more (AMX), the kernel refuses the short area with EFAULT and the guest panics at its
 * first process. Loaded with LD_PRELOAD this stands between the two: the kernel sees an area that is large enough, the
 * guest the part of it that it knows. Registers beyond that part keep their initial state. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* Where an XSAVE area says which of its parts hold something, and the two that AMX adds. */
enum { STATE_BITS_AT = 512 };
#define AMX_PARTS (UINT64_C(3) << 17)

static _Alignas(64) unsigned char whole[1 << 16];

static long raw(long request, long pid, long address, void *data) {
    return syscall(SYS_ptrace, request, pid, address, data);
}

static long read_whole(long pid, struct iovec *area) {
    area->iov_base = whole;
    area->iov_len = sizeof whole;
    return raw(PTRACE_GETREGSET, pid, NT_X86_XSTATE, area);
}

static long exchange(long request, long pid, struct iovec *known) {
    struct iovec area;
    if (read_whole(pid, &area) < 0)
        return -1;
    size_t shared = known->iov_len < area.iov_len ? known->iov_len : area.iov_len;
    if (request == PTRACE_GETREGSET) {
        memcpy(known->iov_base, whole, shared);
        known->iov_len = shared;
        return 0;
    }
    memcpy(whole, known->iov_base, shared);
    uint64_t parts;
    memcpy(&parts, whole + STATE_BITS_AT, sizeof parts);
    parts &= ~AMX_PARTS;
    memcpy(whole + STATE_BITS_AT, &parts, sizeof parts);
    return raw(PTRACE_SETREGSET, pid, NT_X86_XSTATE, &area);
}

long ptrace(enum __ptrace_request request, ...) {
    va_list arguments;
    va_start(arguments, request);
    long pid = va_arg(arguments, long);
    long address = va_arg(arguments, long);
    void *data = va_arg(arguments, void *);
    va_end(arguments);
    if ((request == PTRACE_GETREGSET || request == PTRACE_SETREGSET) && address == NT_X86_XSTATE)
        return exchange(request, pid, data);
    static long (*next)(enum __ptrace_request, ...);
    if (next == NULL)
        next = (long (*)(enum __ptrace_request, ...))dlsym(RTLD_NEXT, "ptrace");
    return next(request, pid, address, data);
}
