/* The CNI plugin binary: carries one call to the executor's socket and its answer back. It knows nothing of networks, so that it never
 * needs to change with them, and it is static, because starting anything bigger would take longer than the whole call. */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { FRAME_MAX = 256 * 1024, CONNECT_LIMIT_MS = 2000, CONNECT_PAUSE_MS = 20, ANSWER_LIMIT_S = 90 };

static const char default_socket[] = "/run/ledgerway/cni.sock";
static const char versions[] =
    "{\"cniVersion\":\"1.1.0\",\"supportedVersions\":[\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]}";
extern char **environ;
static unsigned char frame[4 + FRAME_MAX];

/* Error 11 makes the runtime try again later. */
static int unreachable(const char *path, const char *what) {
    printf("{\"cniVersion\":\"1.0.0\",\"code\":11,\"msg\":\"the Ledgerway executor of this node did not answer; see that it runs and "
           "serves its socket, the pod is tried again\",\"details\":\"%s: %s\"}", what, strerror(errno));
    fprintf(stderr, "ledgerway-cni: %s %s: %s\n", what, path, strerror(errno));
    return 1;
}

/* The socket may be missing or closed for a moment while the executor restarts. */
static int connect_to(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timespec pause = {.tv_nsec = CONNECT_PAUSE_MS * 1000000L};
    struct timeval limit = {.tv_sec = ANSWER_LIMIT_S};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address.sun_path, path);
    for (int waited = 0;; waited += CONNECT_PAUSE_MS) {
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0) {
            setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
            setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
            return fd;
        }
        int failure = errno;
        if (fd >= 0)
            close(fd);
        errno = failure;
        if (waited >= CONNECT_LIMIT_MS || (errno != ENOENT && errno != ECONNREFUSED && errno != EAGAIN))
            return -1;
        nanosleep(&pause, NULL);
    }
}

/* Reads until `size` bytes or the end; -1 on failure. */
static ssize_t read_up_to(int fd, void *buffer, size_t size) {
    size_t have = 0;
    while (have < size) {
        ssize_t count = read(fd, (char *)buffer + have, size - have);
        if (count == 0) {
            errno = ECONNRESET; /* Only of interest to who needed more. */
            break;
        }
        if (count > 0)
            have += (size_t)count;
        else if (errno != EINTR)
            return -1;
    }
    return (ssize_t)have;
}

static int write_all(int fd, const void *buffer, size_t size) {
    for (size_t done = 0; done < size;) {
        ssize_t count = write(fd, (const char *)buffer + done, size - done);
        if (count > 0)
            done += (size_t)count;
        else if (errno != EINTR)
            return -1;
    }
    return 0;
}

/* The variables CNI_*, each with its zero byte, an empty one, then standard input. Returns the length, 0 if it does not fit. */
static size_t fill_frame(unsigned char *body) {
    size_t length = 0;
    for (char **entry = environ; *entry; entry++) {
        size_t size = strlen(*entry) + 1;
        if (strncmp(*entry, "CNI_", 4) != 0)
            continue;
        if (length + size + 1 > FRAME_MAX)
            return 0;
        memcpy(body + length, *entry, size);
        length += size;
    }
    body[length++] = 0;
    ssize_t count = read_up_to(STDIN_FILENO, body + length, FRAME_MAX - length);
    char more;
    if (count < 0 || (length + (size_t)count == FRAME_MAX && read(STDIN_FILENO, &more, 1) > 0))
        return 0;
    return length + (size_t)count;
}

int main(void) {
    const char *command = getenv("CNI_COMMAND");
    const char *path = getenv("LEDGERWAY_CNI_SOCKET");
    if (!path || !*path)
        path = default_socket;
    if (command && strcmp(command, "VERSION") == 0)
        return write_all(STDOUT_FILENO, versions, sizeof versions - 1) ? 1 : 0;
    signal(SIGPIPE, SIG_IGN);
    size_t length = fill_frame(frame + 4);
    if (length == 0) {
        printf("{\"cniVersion\":\"1.0.0\",\"code\":5,\"msg\":\"the call cannot be read or is longer than %d bytes; shorten the network "
               "configuration\",\"details\":\"\"}", FRAME_MAX);
        return 1;
    }
    uint32_t head = htonl((uint32_t)length);
    memcpy(frame, &head, sizeof head);
    int fd = connect_to(path);
    if (fd < 0)
        return unreachable(path, "connect");
    int unsent = write_all(fd, frame, 4 + length); /* A refusal may still be there to read. */
    if (read_up_to(fd, &head, sizeof head) != sizeof head)
        return unreachable(path, unsent ? "send" : "wait for the answer");
    length = ntohl(head);
    if (length < 1 || length > FRAME_MAX || read_up_to(fd, frame, length) != (ssize_t)length)
        return unreachable(path, "read the answer");
    return write_all(STDOUT_FILENO, frame + 1, length - 1) ? 1 : frame[0];
}
