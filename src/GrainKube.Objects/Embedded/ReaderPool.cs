using System.Collections.Concurrent;
using GrainKube.Objects.Embedded.Sqlite;
using GrainKube.Objects.Store;

namespace GrainKube.Objects.Embedded;

/// <summary>Connections for reading: as many as are in use at once, a few kept.</summary>
internal sealed class ReaderPool(StoreFile file) : IDisposable
{
    private const int Kept = 4;

    private readonly ConcurrentBag<StoreReader> idle = [];
    private volatile bool closed;

    /// <exception cref="StoreException">The store is closed or cannot be read.</exception>
    public TResult Read<TArgument, TResult>(TArgument argument, Func<StoreReader, TArgument, TResult> read)
    {
        StoreReader? reader = null;
        try
        {
            reader = Take();
            var result = read(reader, argument);
            Return(reader);
            return result;
        }
        catch (SqliteFailure failure)
        {
            reader?.Dispose();
            throw failure.ToStoreException(file.Path);
        }
        catch (StoreException)
        {
            if (reader is not null)
            {
                Return(reader);
            }

            throw;
        }
    }

    public void Dispose()
    {
        closed = true;
        while (idle.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    private StoreReader Take()
    {
        if (closed)
        {
            throw StoreClosed.Exception();
        }

        return idle.TryTake(out var reader) ? reader : new StoreReader(file.OpenReader());
    }

    private void Return(StoreReader reader)
    {
        if (closed || idle.Count >= Kept)
        {
            reader.Dispose();
        }
        else
        {
            idle.Add(reader);
        }
    }
}
