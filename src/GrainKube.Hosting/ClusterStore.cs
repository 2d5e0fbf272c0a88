using GrainKube.Etcd;
using GrainKube.Objects.Embedded;
using GrainKube.Objects.Store;
using Microsoft.Extensions.Logging;

namespace GrainKube.Hosting;

/// <summary>Opens the store that the options name.</summary>
internal static class ClusterStore
{
    /// <exception cref="StartupException">It cannot be reached or read.</exception>
    public static async Task<IObjectStore> OpenAsync(GrainKubeOptions options, TimeProvider time, ILoggerFactory logs, CancellationToken cancel)
    {
        IObjectStore? store = null;
        try
        {
            store = options.EtcdEndpoints.Length > 0
                ? new EtcdObjectStore(new EtcdOptions { Endpoints = options.EtcdEndpoints }, time, logs.CreateLogger<EtcdObjectStore>())
                : new EmbeddedObjectStore(
                    new EmbeddedStoreOptions { Ephemeral = options.IsEphemeral, Path = Path.Combine(options.DataDirectory, "store.db") },
                    time,
                    logs.CreateLogger<EmbeddedObjectStore>());
            await store.GetRevisionAsync(cancel);
            return store;
        }
        catch (StoreException error)
        {
            if (store is not null)
            {
                await store.DisposeAsync();
            }

            throw new StartupException(
                options.EtcdEndpoints.Length > 0 ? $"etcd at {options.EtcdEndpoints} cannot be used: {error.Message}" : $"the store in {options.DataDirectory} cannot be used: {error.Message}", error);
        }
    }
}
