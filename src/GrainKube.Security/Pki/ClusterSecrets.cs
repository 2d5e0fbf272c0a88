using System.Security.Cryptography;

namespace GrainKube.Security.Pki;

/// <summary>What every silo of a cluster has in common: its certificate authority and the key that signs service-account tokens.</summary>
public sealed class ClusterSecrets : IDisposable
{
    private ClusterSecrets(CertificateAuthority authority, ECDsa serviceAccountKey) => (Authority, ServiceAccountKey) = (authority, serviceAccountKey);

    public CertificateAuthority Authority { get; }

    /// <summary>ECDSA P-256.</summary>
    public ECDsa ServiceAccountKey { get; }

    /// <summary>Loads the secrets, or makes them at the cluster's first start.</summary>
    /// <exception cref="CryptographicException">A secret is there but is not what it should be.</exception>
    public static async Task<ClusterSecrets> LoadAsync(ISecretVault vault, TimeProvider time, CancellationToken cancel)
    {
        // Key before certificate: silos that start at once agree on the key first, and any certificate they then make is for that key.
        var key = CertificateAuthority.LoadKey(await vault.GetOrCreateAsync("ca.key", CertificateAuthority.NewKey, cancel));
        var certificate = await vault.GetOrCreateAsync("ca.crt", () => CertificateAuthority.SelfSign(key, time), cancel);
        var signer = await vault.GetOrCreateAsync("sa.key", CertificateAuthority.NewKey, cancel);
        return new ClusterSecrets(new CertificateAuthority(certificate, key, time), CertificateAuthority.LoadKey(signer));
    }

    public void Dispose()
    {
        Authority.Dispose();
        ServiceAccountKey.Dispose();
    }
}
