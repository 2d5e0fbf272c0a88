using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GrainKube.Security.Pki;

/// <summary>The cluster's own certificate authority: it issues the serving certificate of every silo and the client certificates of administrators and components.</summary>
public sealed class CertificateAuthority : IDisposable
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    // Clocks of a cluster's machines differ a little; a certificate made now must be good on the slowest.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);
    private readonly X509Certificate2 certificate;
    private readonly ECDsa key;
    private readonly TimeProvider time;

    /// <param name="certificatePem">The authority's certificate.</param>
    /// <param name="key">Its key; owned from now on.</param>
    /// <param name="time">For the validity of what is issued.</param>
    /// <exception cref="CryptographicException">The certificate does not belong to the key.</exception>
    public CertificateAuthority(string certificatePem, ECDsa key, TimeProvider time)
    {
        using var bare = X509Certificate2.CreateFromPem(certificatePem);
        certificate = bare.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo())
            ? bare.CopyWithPrivateKey(key)
            : throw new CryptographicException("ca.crt does not belong to ca.key");
        (this.key, this.time, CertificatePem) = (key, time, certificatePem);
    }

    /// <summary>The certificate that clients trust; what pods find as <c>ca.crt</c>.</summary>
    public string CertificatePem { get; }

    /// <summary>The certificate that chains are checked against.</summary>
    public X509Certificate2 Certificate => certificate;

    /// <summary>A new private key as PEM.</summary>
    public static string NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    public static ECDsa LoadKey(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (ArgumentException broken)
        {
            key.Dispose();
            throw new CryptographicException("not a private key in PEM", broken);
        }
    }

    /// <summary>The self-signed certificate of a new authority, good for ten years, as PEM.</summary>
    public static string SelfSign(ECDsa key, TimeProvider time, string name = "kubernetes")
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = time.GetUtcNow();
        using var made = request.CreateSelfSigned(now - ClockSkew, now.AddYears(10));
        return made.ExportCertificatePem() + "\n";
    }

    /// <summary>A certificate for a server under the given DNS names and addresses.</summary>
    public IssuedCertificate IssueServer(string commonName, IReadOnlyCollection<string> namesAndAddresses, TimeSpan lifetime)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in namesAndAddresses.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (IPAddress.TryParse(name, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(name);
            }
        }

        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(commonName);
        return Issue(subject.Build(), ServerAuthentication, lifetime, names.Build());
    }

    /// <summary>Signs what somebody asks for who keeps the key to himself.</summary>
    /// <param name="asked">The subject and the public key.</param>
    /// <param name="alternativeNames">Further names, as they were asked for; null for none.</param>
    /// <param name="usages">What the key is for, in the words of <c>certificates.k8s.io</c>.</param>
    /// <param name="lifetime">How long the certificate is good; not longer than the authority's own.</param>
    /// <returns>PEM.</returns>
    public string Sign(CertificateRequest asked, X509Extension? alternativeNames, IReadOnlyCollection<string> usages, TimeSpan lifetime)
    {
        var request = new CertificateRequest(asked.SubjectName, asked.PublicKey, HashAlgorithmName.SHA256);
        var flags = KeyUsages.Flags(usages);
        if (flags != X509KeyUsageFlags.None)
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(flags, critical: true));
        }

        if (KeyUsages.Purposes(usages) is { Count: > 0 } purposes)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(purposes, critical: false));
        }

        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        if (alternativeNames is not null)
        {
            request.CertificateExtensions.Add(alternativeNames);
        }

        using var made = Issue(request, lifetime, out _, out _);
        return made.ExportCertificatePem() + "\n";
    }

    /// <summary>A certificate for a client: its common name is the user, its organizations are the groups.</summary>
    public IssuedCertificate IssueClient(string user, IReadOnlyCollection<string> groups, TimeSpan lifetime)
    {
        var subject = new X500DistinguishedNameBuilder();
        foreach (var group in groups)
        {
            subject.AddOrganizationName(group);
        }

        subject.AddCommonName(user);
        return Issue(subject.Build(), ClientAuthentication, lifetime, alternativeNames: null);
    }

    /// <summary>True where this authority signed the certificate for a client and it is in date.</summary>
    public bool IssuedToClient(X509Certificate2 shown, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(ClientAuthentication);
        var trusted = chain.Build(shown);
        foreach (var element in chain.ChainElements)
        {
            element.Certificate.Dispose();
        }

        return trusted;
    }

    public void Dispose()
    {
        certificate.Dispose();
        key.Dispose();
    }

    private IssuedCertificate Issue(X500DistinguishedName subject, Oid usage, TimeSpan lifetime, X509Extension? alternativeNames)
    {
        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, leafKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([usage], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        if (alternativeNames is not null)
        {
            request.CertificateExtensions.Add(alternativeNames);
        }

        using var made = Issue(request, lifetime, out var begin, out var end);
        return new IssuedCertificate(made.CopyWithPrivateKey(leafKey), begin, end);
    }

    private X509Certificate2 Issue(CertificateRequest request, TimeSpan lifetime, out DateTimeOffset begin, out DateTimeOffset end)
    {
        begin = time.GetUtcNow();
        end = begin + lifetime < certificate.NotAfter ? begin + lifetime : certificate.NotAfter;
        Span<byte> serial = stackalloc byte[16];
        RandomNumberGenerator.Fill(serial);
        serial[0] &= 0x7f;

        // The request may be for a key of another kind than ours.
        return request.Create(certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(key), begin - ClockSkew, end, serial);
    }
}
