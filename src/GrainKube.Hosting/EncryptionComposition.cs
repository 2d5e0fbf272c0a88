using GrainKube.ApiServer.Health;
using GrainKube.Objects.Encryption;
using GrainKube.Objects.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GrainKube.Hosting;

/// <summary>What runs beside a store whose values are encrypted.</summary>
internal static class EncryptionComposition
{
    public static void Add(IServiceCollection services, GrainKubeOptions options, IObjectStore store)
    {
        if (store is not EncryptedObjectStore encrypted)
        {
            return;
        }

        // As upstream has it: where the file may name plugins tomorrow, they are asked for today.
        if (encrypted.Configuration.UsesPlugins || options.EncryptionReload)
        {
            services.AddSingleton<IHealthProbe>(new KeyProvidersProbe(encrypted));
        }

        if (options.EncryptionReload)
        {
            services.AddSingleton<IHostedService>(provider =>
                new EncryptionReload(encrypted, options.EncryptionConfig, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        }
    }
}
