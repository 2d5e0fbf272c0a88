using GrainKube.Resources.Core.PersistentVolumeClaims;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Volumes whose plugins are gone, and volumes that put two files at one path.</summary>
internal static class PodVolumeWarnings
{
    public static void Add(IList<V1Volume>? volumes, string path, IList<string> warnings)
    {
        for (var i = 0; i < volumes?.Count; i++)
        {
            var (volume, place) = (volumes[i], $"{path}[{i}]");
            Plugin(volume, place, warnings);
            if (volume.Ephemeral?.VolumeClaimTemplate is { } claim)
            {
                ClaimWarnings.Spec(claim.Spec, $"{place}.ephemeral.volumeClaimTemplate.spec", warnings);
            }
        }

        foreach (var volume in volumes ?? [])
        {
            Overlaps(volume, warnings);
        }
    }

    private static void Plugin(V1Volume volume, string path, IList<string> warnings)
    {
        var (member, message) = volume switch
        {
            { PhotonPersistentDisk: not null } => ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
            { GitRepo: not null } => ("gitRepo", "deprecated in v1.11"),
            { ScaleIO: not null } => ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
            { Flocker: not null } => ("flocker", "deprecated in v1.22, non-functional in v1.25+"),
            { Storageos: not null } => ("storageOS", "deprecated in v1.22, non-functional in v1.25+"),
            { Quobyte: not null } => ("quobyte", "deprecated in v1.22, non-functional in v1.25+"),
            { Glusterfs: not null } => ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
            { Cephfs: not null } => ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
            { Rbd: not null } => ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
            _ => ("", ""),
        };
        if (member.Length > 0)
        {
            warnings.Add($"{path}.{member}: {message}");
        }
    }

    private static void Overlaps(V1Volume volume, IList<string> warnings)
    {
        var name = $"volume \"{volume.Name}\"";
        if (volume.ConfigMap?.Items is { } keys)
        {
            Within(keys.Select(k => k.Path), $"{name} (ConfigMap \"{volume.ConfigMap.Name}\"): overlapping paths", warnings);
        }

        if (volume.Secret?.Items is { } secrets)
        {
            Within(secrets.Select(k => k.Path), $"{name} (Secret \"{volume.Secret.SecretName}\"): overlapping paths", warnings);
        }

        if (volume.DownwardAPI?.Items is { } fields)
        {
            Within(fields.Select(k => k.Path), $"{name} (DownwardAPI): overlapping paths", warnings);
        }

        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (var source in volume.Projected?.Sources ?? [])
        {
            var (paths, what) = PathsOf(source);
            if (what.Length == 0)
            {
                warnings.Add($"{name} (Projected) has no sources provided");
                continue;
            }

            var message = $"{name} (Projected {what}): overlapping paths";
            Within(paths, message, warnings);

            // Against the sources before it; sorted, so that the same pod is told the same.
            Within(paths.Distinct(StringComparer.Ordinal).Concat(all).Order(StringComparer.Ordinal), message, warnings);
            all.UnionWith(paths);
        }
    }

    private static (string[] Paths, string What) PathsOf(V1VolumeProjection source) => source switch
    {
        { ConfigMap: { } map } => ([.. (map.Items ?? []).Select(i => i.Path)], $"ConfigMap \"{map.Name}\""),
        { Secret: { } secret } => ([.. (secret.Items ?? []).Select(i => i.Path)], $"Secret \"{secret.Name}\""),
        { DownwardAPI: { } fields } => ([.. (fields.Items ?? []).Select(i => i.Path)], "DownwardAPI"),
        { ServiceAccountToken: { } token } => ([token.Path], "ServiceAccountToken"),
        { ClusterTrustBundle: { } bundle } => ([bundle.Path], $"ClusterTrustBundle \"{bundle.Name ?? bundle.SignerName}\""),
        { PodCertificate: not null } => ([], "PodCertificate"),
        _ => ([], ""),
    };

    private static void Within(IEnumerable<string> paths, string message, IList<string> warnings)
    {
        var known = new List<string>();
        foreach (var path in paths)
        {
            var trimmed = (path ?? "").TrimEnd('/');
            if (known.Find(other => Meet(trimmed, other)) is { } met)
            {
                warnings.Add($"{message}: \"{trimmed}\" with \"{met}\"");
            }

            if (!known.Contains(trimmed))
            {
                known.Add(trimmed);
            }
        }
    }

    /// <summary>Two files at one path, or one where the other needs a directory. Upstream compares beginnings of texts, so that <c>ab</c> and <c>a</c> meet as well.</summary>
    private static bool Meet(string path, string other) =>
        path.Length > 0 && other.Length > 0 && ($"{other}/".StartsWith(path, StringComparison.Ordinal) || $"{path}/".StartsWith(other, StringComparison.Ordinal));
}
