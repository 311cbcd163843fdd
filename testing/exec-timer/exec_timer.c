/* Times programs from exec to exit, from outside any JVM, so that a CNI plugin is measured as a runtime would start it.
 *
 * usage: exec-timer PARALLEL < JOBS
 * Each line of JOBS is tab-separated: program, file for standard input, file for standard output, then NAME=value pairs
 * that are its whole environment. At most PARALLEL of them run at a time. Prints one line a job, in the order of JOBS:
 * exit status (or 128 + signal), a tab, nanoseconds, a tab, nanoseconds from 1970 to the start. Exit status 2 if a line is malformed or a program cannot be started.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

enum { MOST_JOBS = 4096, MOST_FIELDS = 64 };

struct job {
    char *fields[MOST_FIELDS + 1];
    int count;
    pid_t pid;
    long long started;
    long long started_at;
    long long nanoseconds;
    int status;
};

static struct job jobs[MOST_JOBS];

static long long now(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void start(struct job *job) {
    posix_spawn_file_actions_t files;
    char *arguments[] = {job->fields[0], NULL};

    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, job->fields[1], O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, job->fields[2], O_WRONLY | O_CREAT | O_TRUNC, 0600);
    job->started_at = now(CLOCK_REALTIME);
    job->started = now(CLOCK_MONOTONIC);
    int error = posix_spawn(&job->pid, job->fields[0], &files, NULL, arguments, &job->fields[3]);
    if (error != 0) {
        fprintf(stderr, "exec-timer: cannot start %s: %s\n", job->fields[0], strerror(error));
        exit(2);
    }
    posix_spawn_file_actions_destroy(&files);
}

static void finish_one(int from, int to) {
    int status;
    pid_t pid = wait(&status);
    long long ended = now(CLOCK_MONOTONIC);

    for (int i = from; i < to; i++) {
        if (jobs[i].pid == pid) {
            jobs[i].nanoseconds = ended - jobs[i].started;
            jobs[i].status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            return;
        }
    }
}

int main(int argc, char **argv) {
    int parallel = argc == 2 ? atoi(argv[1]) : 0;
    int count = 0, running = 0;
    char *line = NULL;
    size_t size = 0;

    if (parallel < 1) {
        fprintf(stderr, "usage: exec-timer PARALLEL < JOBS\n");
        return 2;
    }
    while (getline(&line, &size, stdin) > 0 && count < MOST_JOBS) {
        struct job *job = &jobs[count++];
        line[strcspn(line, "\n")] = '\0';
        for (char *field = strtok(strdup(line), "\t"); field && job->count < MOST_FIELDS; field = strtok(NULL, "\t"))
            job->fields[job->count++] = field;
        if (job->count < 3) {
            fprintf(stderr, "exec-timer: line %d has %d fields, 3 are the least\n", count, job->count);
            return 2;
        }
    }
    for (int i = 0; i < count; i++) {
        if (running == parallel) {
            finish_one(0, i);
            running--;
        }
        start(&jobs[i]);
        running++;
    }
    while (running-- > 0)
        finish_one(0, count);
    for (int i = 0; i < count; i++)
        printf("%d\t%lld\t%lld\n", jobs[i].status, jobs[i].nanoseconds, jobs[i].started_at);
    return 0;
}
