/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-disk.h"

#include <sqlite3.h>
#include <string.h>

#include "sim-random.h"

#define SECTOR 512
#define MAX_REGIONS 16

/* One change of a file that was not synced. */
typedef struct
{
  gint64 offset; /* or the new length, when data is NULL */
  GBytes *data;
} Change;

typedef struct
{
  char *name;
  GByteArray *now;     /* as it is read */
  GByteArray *durable; /* as of the last sync */
  GArray *changes;     /* element-type Change: since then */
  gpointer regions[MAX_REGIONS];
} File;

typedef struct
{
  sqlite3_file base;
  File *file;
} Handle;

static struct
{
  GHashTable *files; /* by name; looked up only, never walked */
  char *dying;       /* database whose machine is to end */
  guint left;        /* writes until then */
  guint written;     /* writes and syncs of all files */
  gboolean dead;
} disk;

/* Files */

static void
clear_change (gpointer data)
{
  g_clear_pointer (&((Change *) data)->data, g_bytes_unref);
}

static File *
open_file (const char *name)
{
  File *file = g_hash_table_lookup (disk.files, name);

  if (file == NULL)
    {
      file = g_new0 (File, 1);
      file->name = g_strdup (name);
      file->now = g_byte_array_new ();
      file->durable = g_byte_array_new ();
      file->changes = g_array_new (FALSE, FALSE, sizeof (Change));
      g_array_set_clear_func (file->changes, clear_change);
      g_hash_table_insert (disk.files, file->name, file);
    }
  return file;
}

static void
drop_regions (File *file)
{
  for (guint i = 0; i < MAX_REGIONS; i++)
    g_clear_pointer (&file->regions[i], g_free);
}

static void
free_file (gpointer data)
{
  File *file = data;

  drop_regions (file);
  g_byte_array_unref (file->now);
  g_byte_array_unref (file->durable);
  g_array_unref (file->changes);
  g_free (file->name);
  g_free (file);
}

static void
set_length (GByteArray *bytes, gint64 length)
{
  guint old = bytes->len;

  g_byte_array_set_size (bytes, (guint) length);
  if (bytes->len > old)
    memset (bytes->data + old, 0, bytes->len - old);
}

static void
write_bytes (GByteArray *bytes, gint64 offset, gconstpointer data, gsize size)
{
  if (size == 0)
    return;
  if ((gint64) bytes->len < offset + (gint64) size)
    set_length (bytes, offset + (gint64) size);
  memcpy (bytes->data + offset, data, size);
}

static void
apply_change (GByteArray *bytes, const Change *change, gsize limit)
{
  gsize size;
  gconstpointer data;

  if (change->data == NULL)
    {
      set_length (bytes, change->offset);
      return;
    }
  data = g_bytes_get_data (change->data, &size);
  write_bytes (bytes, change->offset, data, MIN (size, limit));
}

static void
make_durable (File *file)
{
  for (guint i = 0; i < file->changes->len; i++)
    apply_change (file->durable, &g_array_index (file->changes, Change, i), G_MAXSIZE);
  g_array_set_size (file->changes, 0);
}

/* What remains after the power went: of every unsynced change all, nothing, or the first part. */
static void
lose_changes (File *file)
{
  for (guint i = 0; i < file->changes->len; i++)
    {
      const Change *change = &g_array_index (file->changes, Change, i);
      int fate = sim_random_pick (3);

      if (fate == 0)
        apply_change (file->durable, change, G_MAXSIZE);
      else if (fate == 1 && change->data != NULL)
        apply_change (
            file->durable, change,
            SECTOR
                * (gsize) sim_random_pick ((int) (g_bytes_get_size (change->data) / SECTOR + 1)));
    }
  g_array_set_size (file->changes, 0);
  g_byte_array_set_size (file->now, 0);
  g_byte_array_append (file->now, file->durable->data, file->durable->len);
}

static gboolean
is_dying (const File *file)
{
  return disk.dying != NULL && g_str_has_prefix (file->name, disk.dying);
}

static gboolean
is_dead (const File *file)
{
  return disk.dead && is_dying (file);
}

/* Counts a write; false when the machine ended before it. */
static gboolean
may_write (const File *file)
{
  disk.written++;
  if (!is_dying (file))
    return TRUE;
  if (disk.left == 0)
    disk.dead = TRUE;
  else
    disk.left--;
  return !disk.dead;
}

/* SQLite's file */

static int
file_close (sqlite3_file *base)
{
  return SQLITE_OK;
}

static int
file_read (sqlite3_file *base, void *buffer, int amount, sqlite3_int64 offset)
{
  File *file = ((Handle *) base)->file;
  gint64 there = CLAMP ((gint64) file->now->len - offset, 0, amount);

  if (is_dead (file))
    return SQLITE_IOERR_READ;
  if (there > 0)
    memcpy (buffer, file->now->data + offset, (gsize) there);
  if (there == amount)
    return SQLITE_OK;
  memset ((char *) buffer + there, 0, (gsize) (amount - there));
  return SQLITE_IOERR_SHORT_READ;
}

static int
file_write (sqlite3_file *base, const void *buffer, int amount, sqlite3_int64 offset)
{
  File *file = ((Handle *) base)->file;
  Change change = { .offset = offset };

  if (!may_write (file))
    return SQLITE_IOERR_WRITE;
  change.data = g_bytes_new (buffer, (gsize) amount);
  g_array_append_val (file->changes, change);
  write_bytes (file->now, offset, buffer, (gsize) amount);
  return SQLITE_OK;
}

static int
file_truncate (sqlite3_file *base, sqlite3_int64 size)
{
  File *file = ((Handle *) base)->file;
  Change change = { .offset = size };

  if (!may_write (file))
    return SQLITE_IOERR_TRUNCATE;
  g_array_append_val (file->changes, change);
  set_length (file->now, size);
  return SQLITE_OK;
}

static int
file_sync (sqlite3_file *base, int flags)
{
  File *file = ((Handle *) base)->file;

  if (!may_write (file))
    return SQLITE_IOERR_FSYNC;
  make_durable (file);
  return SQLITE_OK;
}

static int
file_size (sqlite3_file *base, sqlite3_int64 *ret_size)
{
  File *file = ((Handle *) base)->file;

  *ret_size = file->now->len;
  return is_dead (file) ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static int
file_lock (sqlite3_file *base, int level)
{
  return SQLITE_OK;
}

static int
file_check_lock (sqlite3_file *base, int *ret_locked)
{
  *ret_locked = 0;
  return SQLITE_OK;
}

static int
file_control (sqlite3_file *base, int operation, void *argument)
{
  return SQLITE_NOTFOUND;
}

static int
file_sector_size (sqlite3_file *base)
{
  return SECTOR;
}

static int
file_characteristics (sqlite3_file *base)
{
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* One program has the database open, so that its locks need nobody to be told. */
static int
file_shm_map (sqlite3_file *base, int region, int size, int extend, void volatile **ret_memory)
{
  File *file = ((Handle *) base)->file;

  g_assert (region < MAX_REGIONS);
  if (file->regions[region] == NULL && extend)
    file->regions[region] = g_malloc0 ((gsize) size);
  *ret_memory = file->regions[region];
  return SQLITE_OK;
}

static int
file_shm_lock (sqlite3_file *base, int offset, int n, int flags)
{
  return SQLITE_OK;
}

static void
file_shm_barrier (sqlite3_file *base)
{
}

static int
file_shm_unmap (sqlite3_file *base, int remove)
{
  drop_regions (((Handle *) base)->file);
  return SQLITE_OK;
}

static const sqlite3_io_methods file_methods = {
  .iVersion = 2,
  .xClose = file_close,
  .xRead = file_read,
  .xWrite = file_write,
  .xTruncate = file_truncate,
  .xSync = file_sync,
  .xFileSize = file_size,
  .xLock = file_lock,
  .xUnlock = file_lock,
  .xCheckReservedLock = file_check_lock,
  .xFileControl = file_control,
  .xSectorSize = file_sector_size,
  .xDeviceCharacteristics = file_characteristics,
  .xShmMap = file_shm_map,
  .xShmLock = file_shm_lock,
  .xShmBarrier = file_shm_barrier,
  .xShmUnmap = file_shm_unmap,
};

/* SQLite's disk */

static int
disk_open (sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *base, int flags, int *ret_flags)
{
  Handle *handle = (Handle *) base;

  g_assert (name != NULL);
  if ((flags & SQLITE_OPEN_CREATE) == 0 && g_hash_table_lookup (disk.files, name) == NULL)
    return SQLITE_CANTOPEN;
  handle->file = open_file (name);
  if (is_dead (handle->file))
    return SQLITE_CANTOPEN;
  handle->base.pMethods = &file_methods;
  if (ret_flags != NULL)
    *ret_flags = flags;
  return SQLITE_OK;
}

static int
disk_delete (sqlite3_vfs *vfs, const char *name, int sync_folder)
{
  File *file = g_hash_table_lookup (disk.files, name);

  if (file == NULL)
    return SQLITE_IOERR_DELETE_NOENT;
  if (!may_write (file))
    return SQLITE_IOERR_DELETE;
  g_hash_table_remove (disk.files, name);
  return SQLITE_OK;
}

static int
disk_access (sqlite3_vfs *vfs, const char *name, int flags, int *ret_result)
{
  *ret_result = g_hash_table_contains (disk.files, name);
  return SQLITE_OK;
}

static int
disk_full_path (sqlite3_vfs *vfs, const char *name, int size, char *ret_path)
{
  g_strlcpy (ret_path, name, (gsize) size);
  return SQLITE_OK;
}

static int
disk_randomness (sqlite3_vfs *vfs, int size, char *bytes)
{
  sim_random_fill ((guint8 *) bytes, (gsize) size);
  return size;
}

static int
disk_sleep (sqlite3_vfs *vfs, int microseconds)
{
  return microseconds;
}

static int
disk_time (sqlite3_vfs *vfs, sqlite3_int64 *ret_time)
{
  *ret_time = G_GINT64_CONSTANT (212000000000000);
  return SQLITE_OK;
}

static int
disk_last_error (sqlite3_vfs *vfs, int size, char *text)
{
  return 0;
}

void
sim_disk_install (void)
{
  static sqlite3_vfs vfs = {
    .iVersion = 2,
    .szOsFile = sizeof (Handle),
    .mxPathname = 512,
    .zName = "sim",
    .xOpen = disk_open,
    .xDelete = disk_delete,
    .xAccess = disk_access,
    .xFullPathname = disk_full_path,
    .xRandomness = disk_randomness,
    .xSleep = disk_sleep,
    .xGetLastError = disk_last_error,
    .xCurrentTimeInt64 = disk_time,
  };

  disk.files = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_file);
  sqlite3_vfs_register (&vfs, 1);
}

/* The simulation's side */

static char *
log_name (const char *path)
{
  return g_strconcat (path, "-wal", NULL);
}

static GByteArray *
copy_bytes (const char *name)
{
  File *file = g_hash_table_lookup (disk.files, name);
  GByteArray *bytes;

  if (file == NULL)
    return NULL;
  bytes = g_byte_array_sized_new (file->now->len);
  return g_byte_array_append (bytes, file->now->data, file->now->len);
}

SimDiskImage *
sim_disk_copy (const char *path)
{
  SimDiskImage *image = g_new0 (SimDiskImage, 1);
  g_autofree char *name = log_name (path);

  image->database = copy_bytes (path);
  image->log = copy_bytes (name);
  return image;
}

void
sim_disk_image_free (SimDiskImage *self)
{
  g_clear_pointer (&self->database, g_byte_array_unref);
  g_clear_pointer (&self->log, g_byte_array_unref);
  g_free (self);
}

static void
put_bytes (const char *name, GByteArray *bytes)
{
  File *file;

  g_hash_table_remove (disk.files, name);
  if (bytes == NULL)
    return;
  file = open_file (name);
  g_byte_array_append (file->now, bytes->data, bytes->len);
  g_byte_array_append (file->durable, bytes->data, bytes->len);
}

void
sim_disk_put (const char *path, const SimDiskImage *image)
{
  g_autofree char *name = log_name (path);

  put_bytes (path, image->database);
  put_bytes (name, image->log);
}

void
sim_disk_cut_after (const char *path, guint writes)
{
  g_set_str (&disk.dying, path);
  disk.left = writes;
  disk.dead = FALSE;
}

void
sim_disk_cut_before (const char *path, guint write)
{
  if (write > disk.written)
    sim_disk_cut_after (path, write - disk.written - 1);
}

guint
sim_disk_count_writes (void)
{
  return disk.written;
}

void
sim_disk_begin_count (void)
{
  disk.written = 0;
}

void
sim_disk_kill (void)
{
  g_assert (disk.dying != NULL);
  disk.dead = TRUE;
}

void
sim_disk_spare (void)
{
  g_assert (!disk.dead);
  g_clear_pointer (&disk.dying, g_free);
}

gboolean
sim_disk_is_dead (void)
{
  return disk.dead;
}

static void
revive_file (const char *name, gboolean lose)
{
  File *file = g_hash_table_lookup (disk.files, name);

  if (file == NULL)
    return;
  drop_regions (file);
  if (lose)
    lose_changes (file);
}

void
sim_disk_revive (gboolean lose)
{
  g_autofree char *path = g_steal_pointer (&disk.dying);
  g_autofree char *name = log_name (path);

  disk.dead = FALSE;
  revive_file (path, lose);
  revive_file (name, lose);
}
