#include "base/pool.h"

#include <pthread.h>
#include <string.h>

struct momui_pool {
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    int threads; /* the caller's included */
    bool stop;
    uint64_t round; /* grows by one a run: what a sleeping worker waits for */
    int busy;       /* workers that have not finished this round */
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
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (!pool->stop && pool->round == seen)
            pthread_cond_wait(&pool->work, &pool->lock);
        if (pool->stop)
            break;
        seen = pool->round;
        pthread_mutex_unlock(&pool->lock);
        take_tasks(pool, self->index);
        pthread_mutex_lock(&pool->lock);
        if (--pool->busy == 0)
            pthread_cond_signal(&pool->done);
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
    pool->busy = pool->threads - 1;
    pool->round++;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    take_tasks(pool, 0);
    pthread_mutex_lock(&pool->lock);
    while (pool->busy > 0)
        pthread_cond_wait(&pool->done, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}
