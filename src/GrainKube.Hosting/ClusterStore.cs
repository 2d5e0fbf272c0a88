using GrainKube.Etcd;
using GrainKube.Objects.Embedded;
using GrainKube.Objects.Encryption;
using GrainKube.Objects.Store;
using GrainKube.Resources;
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
            return options.EncryptionConfig.Length == 0 ? store : new EncryptedObjectStore(
                store, await EncryptionConfiguration.LoadAsync(options.EncryptionConfig, time, logs, cancel), BuiltInResources.All.Where(d => d.Names.Group.Length == 0).Select(d => d.Names.Plural), time);
        }
        catch (Exception wrong) when (wrong is FormatException or IOException or UnauthorizedAccessException)
        {
            await store!.DisposeAsync();
            throw new StartupException($"{options.EncryptionConfig}: {wrong.Message}", wrong);
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
