using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for a volume that several sources fill: each is sound, and no two write the same file.</summary>
internal static class ProjectedVolumeRules
{
    private const int ShortestLife = 3600;
    private const int LongestLife = 91 * 24 * 3600;
    private static readonly string[] KeyTypes = ["ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519", "RSA3072", "RSA4096"];

    public static void Check(V1ProjectedVolumeSource volume, FieldErrors errors)
    {
        VolumeFileRules.Mode(volume.DefaultMode, errors.At("defaultMode"));
        var paths = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < volume.Sources?.Count; i++)
        {
            Source(volume.Sources[i], paths, errors.At("sources").At(i), errors);
        }
    }

    private static void Source(V1VolumeProjection source, HashSet<string> paths, FieldErrors errors, FieldErrors volume)
    {
        var count = 0;
        if (source.Secret is { } secret)
        {
            count++;
            errors.At("secret").At("name").MustBeSet(secret.Name);
            VolumeFileRules.Keys(secret.Items, errors.At("secret").At("items"));
            Take(secret.Items?.Select(i => i.Path), secret.Name ?? "");
        }

        if (source.ConfigMap is { } map)
        {
            count++;
            errors.At("configMap").At("name").MustBeSet(map.Name);
            VolumeFileRules.Keys(map.Items, errors.At("configMap").At("items"));
            Take(map.Items?.Select(i => i.Path), map.Name ?? "");
        }

        if (source.DownwardAPI is { } downward)
        {
            count++;
            VolumeFileRules.Downward(downward.Items, errors.At("downwardAPI"));
            Take(downward.Items?.Select(i => i.Path));
        }

        if (source.ServiceAccountToken is { } token)
        {
            count++;
            Token(token, errors.At("serviceAccountToken"), volume.At("path"));
        }

        if (source.ClusterTrustBundle is { } bundle)
        {
            count++;
            Bundle(bundle, errors.At("clusterTrustBundle"));
            Take([bundle.Path]);
        }

        if (source.PodCertificate is { } certificate)
        {
            count++;
            Certificate(certificate, errors.At("podCertificate"));
            Take([certificate.CredentialBundlePath, certificate.KeyPath, certificate.CertificateChainPath]);
        }

        if (count > 1)
        {
            errors.Forbidden("may not specify more than 1 volume type per source");
        }

        // Of two sources upstream shows the name instead of the path.
        void Take(IEnumerable<string>? files, string? shown = null)
        {
            foreach (var path in files ?? [])
            {
                if (!string.IsNullOrEmpty(path) && !paths.Add(path))
                {
                    volume.Invalid(shown ?? path, "conflicting duplicate paths");
                }
            }
        }
    }

    private static void Token(V1ServiceAccountTokenProjection token, FieldErrors errors, FieldErrors path)
    {
        if (token.ExpirationSeconds < 600)
        {
            errors.At("expirationSeconds").Invalid(token.ExpirationSeconds, "may not specify a duration less than 10 minutes");
        }

        if (token.ExpirationSeconds > 1L << 32)
        {
            errors.At("expirationSeconds").Invalid(token.ExpirationSeconds, "may not specify a duration larger than 2^32 seconds");
        }

        path.MustBeSet(token.Path);
        PathRules.LocalNonReserved(token.Path, path);
    }

    private static void Bundle(V1ClusterTrustBundleProjection bundle, FieldErrors errors)
    {
        switch (bundle.Name, bundle.SignerName)
        {
            case (not null, not null):
                errors.Invalid(bundle, "only one of name and signerName may be used");
                break;
            case (null, null):
                errors.Required("either name or signerName must be specified");
                break;
            case ({ } name, null):
                errors.At("name").MustBeSet(name, "must be a valid object name");
                if (bundle.LabelSelector is not null)
                {
                    errors.At("labelSelector").Invalid(bundle.LabelSelector, "labelSelector must be unset if name is specified");
                }

                break;
            case (null, { } signer):
                errors.At("signerName").MustBeSet(signer, "must be a valid signer name");
                LabelSelectorRules.Check(bundle.LabelSelector, errors.At("labelSelector"));
                break;
        }

        errors.At("path").MustBeSet(bundle.Path);
        PathRules.LocalNonReserved(bundle.Path, errors.At("path"));
    }

    private static void Certificate(V1PodCertificateProjection certificate, FieldErrors errors)
    {
        errors.At("signerName").MustBeSet(certificate.SignerName);
        errors.At("keyType").OneOf(certificate.KeyType ?? "", KeyTypes);
        if (certificate.MaxExpirationSeconds is < ShortestLife)
        {
            errors.At("maxExpirationSeconds").Invalid(certificate.MaxExpirationSeconds, $"if provided, maxExpirationSeconds must be >= {ShortestLife}");
        }
        else if (certificate.MaxExpirationSeconds is > LongestLife)
        {
            errors.At("maxExpirationSeconds").Invalid(certificate.MaxExpirationSeconds, $"if provided, maxExpirationSeconds must be <= {LongestLife}");
        }

        if (string.IsNullOrEmpty(certificate.CredentialBundlePath) && string.IsNullOrEmpty(certificate.KeyPath) && string.IsNullOrEmpty(certificate.CertificateChainPath))
        {
            errors.Required("specify at least one of credentialBundlePath, keyPath, and certificateChainPath");
        }

        PathRules.LocalNonReserved(certificate.CredentialBundlePath, errors.At("credentialBundlePath"));
        PathRules.LocalNonReserved(certificate.KeyPath, errors.At("keyPath"));
        PathRules.LocalNonReserved(certificate.CertificateChainPath, errors.At("certificateChainPath"));
    }
}
