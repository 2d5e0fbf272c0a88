using GrainKube.Objects.Encryption;

namespace GrainKube.ApiServer.Health;

/// <summary>The plugins that keep the keys of the store's values are well; under upstream's name.</summary>
public sealed class KeyProvidersProbe(EncryptedObjectStore store) : IHealthProbe
{
    public string Name => "kms-providers";

    // Nobody's restart brings a plugin back.
    public ProbeScope Scope => ProbeScope.NotLiveness;

    public ValueTask CheckAsync(CancellationToken cancel) => new(store.Configuration.CheckAsync(cancel));
}
