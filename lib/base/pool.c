#include "base/pool.h"

#include <pthread.h>
#include <string.h>

struct momui_pool {
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    int threads; /* the caller's included */
    bool stop;
    atomic_uint_least64_t round; /* grows by one a run: what a worker waits for */
    bool open;                   /* this round still takes workers in */
    atomic_int busy; /* workers inside this round: one that comes too late is not waited for */
    momui_task task;
    void *user;
    size_t count;
    atomic_size_t next;
    struct worker {
        pthread_t thread;
        momui_pool *pool;
        int index;
    } workers[];
};

/* Runs follow each other within microseconds, and waking a thread takes tens of them: a waiting
 * thread spins for a while before it sleeps. What it reads here only ends the spinning; the lock
 * decides. */
enum { SPINS = 3000 };

static void pause_cpu(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

static void spin_for_work(momui_pool *pool, uint64_t seen) {
    for (int i = 0; i < SPINS && atomic_load(&pool->round) == seen; i++)
        pause_cpu();
}

static void spin_for_end(momui_pool *pool) {
    for (int i = 0; i < SPINS && atomic_load(&pool->busy) > 0; i++)
        pause_cpu();
}

static void take_tasks(momui_pool *pool, int worker) {
    for (;;) {
        size_t task = atomic_fetch_add(&pool->next, 1);
        if (task >= pool->count)
            return;
        pool->task(pool->user, task, worker);
    }
}

static void *work(void *argument) {
    struct worker *self = argument;
    momui_pool *pool = self->pool;
    uint64_t seen = 0;
    for (;;) {
        spin_for_work(pool, seen);
        pthread_mutex_lock(&pool->lock);
        while (!pool->stop && (!pool->open || atomic_load(&pool->round) == seen))
            pthread_cond_wait(&pool->work, &pool->lock);
        if (pool->stop)
            break;
        seen = atomic_load(&pool->round);
        atomic_fetch_add(&pool->busy, 1);
        pthread_mutex_unlock(&pool->lock);
        take_tasks(pool, self->index);
        pthread_mutex_lock(&pool->lock);
        if (atomic_fetch_sub(&pool->busy, 1) == 1)
            pthread_cond_signal(&pool->done);
        pthread_mutex_unlock(&pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static void end_workers(momui_pool *pool, int started) {
    pthread_mutex_lock(&pool->lock);
    pool->stop = true;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    for (int i = 0; i < started; i++)
        pthread_join(pool->workers[i].thread, NULL);
    pthread_cond_destroy(&pool->done);
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->lock);
    momui_free(pool);
}

momu_status momui_pool_create(momui_memory *memory, int threads, momui_pool **pool_out,
                              momu_error *error) {
    *pool_out = NULL;
    size_t others = threads > 1 ? (size_t)threads - 1 : 0;
    momui_pool *pool = momui_calloc(memory, 1, sizeof *pool + others * sizeof pool->workers[0]);
    if (!pool)
        return momui_fail_memory(error, "the thread pool");
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->done, NULL);
    pool->threads = (int)others + 1;
    atomic_init(&pool->next, 0);
    atomic_init(&pool->round, 0);
    atomic_init(&pool->busy, 0);
    for (size_t i = 0; i < others; i++) {
        pool->workers[i].pool = pool;
        pool->workers[i].index = (int)i + 1;
        int failed = pthread_create(&pool->workers[i].thread, NULL, work, &pool->workers[i]);
        if (failed) {
            end_workers(pool, (int)i);
            return momui_fail(error, MOMU_ERROR_MEMORY, "could not start thread %d of %d: %s",
                              (int)i + 2, threads, strerror(failed));
        }
    }
    *pool_out = pool;
    return MOMU_OK;
}

void momui_pool_destroy(momui_pool *pool) {
    if (pool)
        end_workers(pool, pool->threads - 1);
}

int momui_pool_threads(const momui_pool *pool) {
    return pool ? pool->threads : 1;
}

void momui_pool_run(momui_pool *pool, size_t count, momui_task task, void *user) {
    if (!pool || pool->threads == 1 || count <= 1) {
        for (size_t i = 0; i < count; i++)
            task(user, i, 0);
        return;
    }
    pthread_mutex_lock(&pool->lock);
    pool->task = task;
    pool->user = user;
    pool->count = count;
    atomic_store(&pool->next, 0);
    pool->open = true;
    atomic_fetch_add(&pool->round, 1);
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    take_tasks(pool, 0);
    spin_for_end(pool);
    pthread_mutex_lock(&pool->lock);
    pool->open = false;
    while (atomic_load(&pool->busy) > 0)
        pthread_cond_wait(&pool->done, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}
