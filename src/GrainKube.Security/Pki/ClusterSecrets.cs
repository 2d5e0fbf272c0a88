using System.Security.Cryptography;
using GrainKube.Security.Tokens;

namespace GrainKube.Security.Pki;

/// <summary>What every silo of a cluster has in common: its certificate authorities and the key that signs service-account tokens.</summary>
public sealed class ClusterSecrets : IDisposable
{
    private ClusterSecrets(CertificateAuthority authority, CertificateAuthority frontProxy, TokenKey serviceAccountKey) =>
        (Authority, FrontProxyAuthority, ServiceAccountKey) = (authority, frontProxy, serviceAccountKey);

    public CertificateAuthority Authority { get; }

    /// <summary>Whoever shows a certificate of this one may say on whose behalf it asks: extension servers believe it, and so do we. It issues nothing else.</summary>
    public CertificateAuthority FrontProxyAuthority { get; }

    /// <summary>Signs service-account tokens.</summary>
    public TokenKey ServiceAccountKey { get; }

    /// <summary>Loads the secrets, or makes them at the cluster's first start.</summary>
    /// <exception cref="CryptographicException">A secret is there but is not what it should be.</exception>
    public static async Task<ClusterSecrets> LoadAsync(ISecretVault vault, TimeProvider time, CancellationToken cancel)
    {
        var authority = await AuthorityAsync(vault, "ca", "kubernetes", time, cancel);
        var frontProxy = await AuthorityAsync(vault, "front-proxy-ca", "front-proxy-ca", time, cancel);
        var signer = await vault.GetOrCreateAsync("sa.key", TokenKey.New, cancel);
        return new ClusterSecrets(authority, frontProxy, TokenKey.Load(signer));
    }

    private static async Task<CertificateAuthority> AuthorityAsync(ISecretVault vault, string file, string name, TimeProvider time, CancellationToken cancel)
    {
        // Key before certificate: silos that start at once agree on the key first, and any certificate they then make is for that key.
        var key = CertificateAuthority.LoadKey(await vault.GetOrCreateAsync($"{file}.key", CertificateAuthority.NewKey, cancel));
        var certificate = await vault.GetOrCreateAsync($"{file}.crt", () => CertificateAuthority.SelfSign(key, time, name), cancel);
        return new CertificateAuthority(certificate, key, time);
    }

    public void Dispose()
    {
        Authority.Dispose();
        FrontProxyAuthority.Dispose();
        ServiceAccountKey.Dispose();
    }
}
