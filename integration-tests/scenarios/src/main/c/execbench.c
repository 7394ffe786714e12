// Runs one executable many times, as a container runtime runs a CNI plugin, and measures each run from exec to exit.
//
//   execbench [--netns PATH] [--concurrency K] [--timeout SECONDS] --jobs FILE --results FILE EXECUTABLE [ARGUMENT...]
//
// No shell and no JVM is between the measurement and the plugin: posix_spawn (vfork and execve inside), wait4 for the
// exit and the resources, CLOCK_MONOTONIC just before and just after. The plugin gets its request through a pipe on
// standard input and answers into a pipe, as from a runtime.
//
// FILE of jobs, text, one job after another, each ended by a line "run":
//   env NAME=VALUE      one variable of the job's environment, nothing else is in it; up to ENV_MAX of them
//   in TEXT             what the job reads from standard input; absent: nothing
//   run
// FILE of results: one line of JSON per job, in the order of their ends; times in nanoseconds since the first began.
//
// Memory: a process born by vfork starts its ru_maxrss at what its parent had resident. So this process is static,
// small, and keeps neither jobs nor results in memory; the figure of a smaller child is this process's own.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    ENV_MAX = 32,              // CNI has six variables; the rest is room for PATH and the like
    REQUEST_BYTES_MAX = 16384, // of a whole job; a pipe holds 65,536, so the write before the exec never blocks
    ANSWER_BYTES_MAX = 16384,  // a CNI result is below 2 KiB; the pipe of 65,536 lets a plugin end without a reader
    CONCURRENCY_MAX = 256,
};

struct job {
    long id;
    char *env[ENV_MAX + 1];
    int env_count;
    const char *in;
    char text[REQUEST_BYTES_MAX];
    size_t text_used;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // over jobs, results, next_id and running
static FILE *jobs, *results;
static long next_id;
static char **command;
static int64_t began_ns;
static unsigned timeout_seconds = 120;
static struct {
    pid_t pid; // 0: none
    int64_t start;
} running[CONCURRENCY_MAX];

static void die(const char *what) {
    fprintf(stderr, "execbench: %s: %s\n", what, strerror(errno));
    exit(2);
}

static void refuse(const char *what) {
    fprintf(stderr, "execbench: %s\n", what);
    exit(2);
}

static int64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static char *keep(struct job *job, const char *text, size_t length) {
    if (job->text_used + length + 1 > sizeof job->text) {
        refuse("a job is longer than REQUEST_BYTES_MAX");
    }
    char *kept = job->text + job->text_used;
    memcpy(kept, text, length);
    kept[length] = 0;
    job->text_used += length + 1;
    return kept;
}

// Reads the next job; 0 at the end of the list. The caller holds the lock.
static int read_job(struct job *job) {
    static char line[REQUEST_BYTES_MAX];
    job->env_count = 0;
    job->in = "";
    job->text_used = 0;
    while (fgets(line, sizeof line, jobs)) {
        size_t length = strlen(line);
        if (length == 0 || line[length - 1] != '\n') {
            refuse("a line of the job list is too long or lacks its end");
        }
        line[--length] = 0;
        if (strncmp(line, "env ", 4) == 0) {
            if (job->env_count == ENV_MAX) {
                refuse("a job has more than ENV_MAX variables");
            }
            job->env[job->env_count++] = keep(job, line + 4, length - 4);
        } else if (strncmp(line, "in ", 3) == 0) {
            job->in = keep(job, line + 3, length - 3);
        } else if (strcmp(line, "run") == 0) {
            job->env[job->env_count] = NULL;
            job->id = next_id++;
            return 1;
        } else {
            refuse("the job list has a line that is neither env nor in nor run");
        }
    }
    return 0;
}

static void print_json_string(const char *text, size_t length) {
    fputc('"', results);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\') {
            fprintf(results, "\\%c", c);
        } else if (c < 0x20 || c == 0x7f) {
            fprintf(results, "\\u%04x", c);
        } else {
            fputc(c, results);
        }
    }
    fputc('"', results);
}

// Kills what takes longer than the bound, so that a benchmark always ends. A pid that is in `running` is not reaped yet.
static void *watch(void *unused) {
    (void)unused;
    for (;;) {
        sleep(1);
        int64_t late = now_ns() - (int64_t)timeout_seconds * 1000000000;
        pthread_mutex_lock(&lock);
        for (int i = 0; i < CONCURRENCY_MAX; i++) {
            if (running[i].pid > 0 && running[i].start < late) {
                kill(running[i].pid, SIGKILL);
            }
        }
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

static void set_running(int worker, pid_t pid, int64_t start) {
    pthread_mutex_lock(&lock);
    running[worker].pid = pid;
    running[worker].start = start;
    pthread_mutex_unlock(&lock);
}

static void run(int worker, struct job *job, char *answer) {
    int in[2], out[2];
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) {
        die("pipe2");
    }
    size_t in_length = strlen(job->in);
    if (write(in[1], job->in, in_length) != (ssize_t)in_length) {
        die("write");
    }
    close(in[1]);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);

    pid_t pid;
    int status = 0;
    struct rusage usage = {0};
    int64_t start = now_ns();
    int error = posix_spawn(&pid, command[0], &actions, NULL, command, job->env);
    if (error != 0) {
        errno = error;
        die(command[0]);
    }
    set_running(worker, pid, start);
    siginfo_t exited;
    while (waitid(P_PID, (id_t)pid, &exited, WEXITED | WNOWAIT) != 0) {
        if (errno != EINTR) {
            die("waitid");
        }
    }
    int64_t end = now_ns();
    set_running(worker, 0, 0);
    if (wait4(pid, &status, 0, &usage) != pid) {
        die("wait4");
    }

    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    size_t answer_length = 0;
    ssize_t got;
    while (answer_length < ANSWER_BYTES_MAX
            && (got = read(out[0], answer + answer_length, ANSWER_BYTES_MAX - answer_length)) > 0) {
        answer_length += (size_t)got;
    }
    close(in[0]);
    close(out[0]);

    pthread_mutex_lock(&lock);
    fprintf(results,
            "{\"job\":%ld,\"startNs\":%lld,\"endNs\":%lld,\"exit\":%d,\"signal\":%d,\"cpuUs\":%lld,\"rssKb\":%ld,\"answer\":",
            job->id, (long long)(start - began_ns), (long long)(end - began_ns),
            WIFEXITED(status) ? WEXITSTATUS(status) : -1, WIFSIGNALED(status) ? WTERMSIG(status) : 0,
            (long long)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 + usage.ru_utime.tv_usec
                    + usage.ru_stime.tv_usec,
            usage.ru_maxrss);
    print_json_string(answer, answer_length);
    fputs("}\n", results);
    pthread_mutex_unlock(&lock);
}

static void *work(void *worker) {
    static __thread struct job job;
    static __thread char answer[ANSWER_BYTES_MAX];
    for (;;) {
        pthread_mutex_lock(&lock);
        int more = read_job(&job);
        pthread_mutex_unlock(&lock);
        if (!more) {
            return NULL;
        }
        run((int)(intptr_t)worker, &job, answer);
    }
}

static FILE *open_or_die(const char *path, const char *mode) {
    FILE *file = fopen(path, mode);
    if (file == NULL) {
        die(path);
    }
    return file;
}

static void enter_netns(const char *path) {
    int netns = open(path, O_RDONLY | O_CLOEXEC);
    if (netns < 0 || setns(netns, CLONE_NEWNET) != 0) {
        die(path);
    }
    close(netns);
}

static long number(const char *text, long max) {
    char *end;
    long value = strtol(text, &end, 10);
    if (*text == 0 || *end != 0 || value < 1 || value > max) {
        refuse("a number is missing or out of range");
    }
    return value;
}

int main(int argc, char **argv) {
    long concurrency = 1;
    int i = 1;
    for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
        if (strcmp(argv[i], "--netns") == 0) {
            enter_netns(argv[i + 1]);
        } else if (strcmp(argv[i], "--concurrency") == 0) {
            concurrency = number(argv[i + 1], CONCURRENCY_MAX);
        } else if (strcmp(argv[i], "--timeout") == 0) {
            timeout_seconds = (unsigned)number(argv[i + 1], 3600);
        } else if (strcmp(argv[i], "--jobs") == 0) {
            jobs = open_or_die(argv[i + 1], "re");
        } else if (strcmp(argv[i], "--results") == 0) {
            results = open_or_die(argv[i + 1], "we");
        } else {
            refuse("unknown option");
        }
    }
    if (i >= argc || jobs == NULL || results == NULL) {
        refuse("want --jobs FILE --results FILE EXECUTABLE [ARGUMENT...]");
    }
    command = argv + i;
    began_ns = now_ns();

    pthread_attr_t small; // a default stack is 8 MiB of address space each; not needed
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 256 * 1024);
    pthread_t watcher, workers[CONCURRENCY_MAX];
    if (pthread_create(&watcher, &small, watch, NULL) != 0) {
        die("pthread_create");
    }
    for (long worker = 0; worker < concurrency; worker++) {
        if (pthread_create(&workers[worker], &small, work, (void *)(intptr_t)worker) != 0) {
            die("pthread_create");
        }
    }
    for (long worker = 0; worker < concurrency; worker++) {
        pthread_join(workers[worker], NULL);
    }
    if (fclose(results) != 0) {
        die("results");
    }
    return 0;
}
