using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for a volume that several sources fill: each is sound, and no two write the same file.</summary>
internal static class ProjectedVolumeRules
{
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
            Take(secret.Items?.Select(i => i.Path));
        }

        if (source.ConfigMap is { } map)
        {
            count++;
            errors.At("configMap").At("name").MustBeSet(map.Name);
            VolumeFileRules.Keys(map.Items, errors.At("configMap").At("items"));
            Take(map.Items?.Select(i => i.Path));
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

        if (source.PodCertificate is not null)
        {
            count++;
        }

        if (count > 1)
        {
            errors.Forbidden("may not specify more than 1 volume type per source");
        }

        void Take(IEnumerable<string>? files)
        {
            foreach (var path in files ?? [])
            {
                if (!string.IsNullOrEmpty(path) && !paths.Add(path))
                {
                    volume.Invalid(path, "conflicting duplicate paths");
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
            case (not null, null) when bundle.LabelSelector is not null:
                errors.At("labelSelector").Invalid(bundle.LabelSelector, "labelSelector must be unset if name is specified");
                break;
        }

        errors.At("path").MustBeSet(bundle.Path);
        PathRules.LocalNonReserved(bundle.Path, errors.At("path"));
    }
}
