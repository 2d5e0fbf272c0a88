using System.Globalization;
using GrainKube.Objects.Embedded.Sqlite;
using GrainKube.Objects.Store;

namespace GrainKube.Objects.Embedded;

/// <summary>The database file: held by this process alone, readable by its user alone, in the newest format.</summary>
internal sealed class StoreFile : IDisposable
{
    /// <summary>A 2 KB object with its row fills a page of 4 KB only half.</summary>
    public const int PageSize = 8192;

    private readonly EmbeddedStoreOptions options;
    private readonly string? temporary;
    private readonly FileStream held;

    public StoreFile(EmbeddedStoreOptions options, StoreFormat format)
    {
        this.options = options;
        if (options.Ephemeral)
        {
            temporary = Directory.CreateTempSubdirectory("grainkube-").FullName;
            Path = System.IO.Path.Combine(temporary, "store.db");
        }
        else
        {
            Path = System.IO.Path.GetFullPath(options.Path);
        }

        held = Hold();
        try
        {
            using var database = Open();
            format.Migrate(database, Path);
        }
        catch (SqliteFailure failure)
        {
            Dispose();
            throw failure.ToStoreException(Path);
        }
        catch (StoreException)
        {
            Dispose();
            throw;
        }
    }

    public string Path { get; }

    /// <summary>A connection for writing.</summary>
    public SqliteDatabase Open()
    {
        var database = new SqliteDatabase(Path, create: true);
        try
        {
            // Checkpoints are made by a thread of their own: never by the commit that happens to fill the log.
            database.Execute($"PRAGMA page_size = {PageSize}; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -8192;");
            database.Execute(options.Ephemeral ? "PRAGMA synchronous = OFF" : "PRAGMA synchronous = FULL");
            if (options.SizeLimit > 0)
            {
                database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {Math.Max(1, options.SizeLimit / PageSize)}"));
            }

            return database;
        }
        catch (SqliteFailure)
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>A connection for reading, which sees the last commit before each of its transactions and waits for nobody.</summary>
    public SqliteDatabase OpenReader()
    {
        var database = new SqliteDatabase(Path, create: false);
        database.Execute("PRAGMA query_only = 1; PRAGMA cache_size = -1024;");
        return database;
    }

    public void Dispose()
    {
        held.Dispose();
        if (temporary is not null)
        {
            Directory.Delete(temporary, recursive: true);
        }
    }

    private FileStream Hold()
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            var file = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
            var hold = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
            {
                file.UnixCreateMode = hold.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            var held = new FileStream(Path + ".lock", hold);
            using (new FileStream(Path, file))
            {
                return held;
            }
        }
        catch (IOException failure)
        {
            throw new StoreException(StoreError.Unavailable, $"the store {Path} cannot be opened; is another process using it? ({failure.Message})");
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new StoreException(StoreError.Unavailable, $"the store {Path} cannot be opened: {failure.Message}");
        }
    }
}
