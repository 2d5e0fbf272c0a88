using System.Text;
using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.Environment;
using GrainKube.Kubelet.Pods;
using k8s.Models;

namespace GrainKube.Kubelet.Volumes;

/// <summary>Collects the files of volumes that are made from objects.</summary>
internal sealed class VolumeContent(PodContext pod, PodTokens tokens, PodCertificates certificates)
{
    /// <summary>When a file among them must be made anew.</summary>
    public DateTimeOffset? RefreshAt { get; private set; }

    private string Namespace => pod.Object.Key.Namespace;

    public IReadOnlyList<VolumeFile> Of(V1ConfigMapVolumeSource source) =>
        ConfigMap(source.Name, source.Items, Permissions.Of(source.DefaultMode), source.Optional == true);

    public IReadOnlyList<VolumeFile> Of(V1SecretVolumeSource source) =>
        Secret(source.SecretName, source.Items, Permissions.Of(source.DefaultMode), source.Optional == true);

    public IReadOnlyList<VolumeFile> Of(V1DownwardAPIVolumeSource source) => Downward(source.Items, Permissions.Of(source.DefaultMode));

    public async Task<IReadOnlyList<VolumeFile>> OfAsync(string volume, V1ProjectedVolumeSource source, CancellationToken cancel)
    {
        var mode = Permissions.Of(source.DefaultMode);
        var files = new List<VolumeFile>();
        foreach (var part in source.Sources ?? [])
        {
            if (part.ConfigMap is { } map)
            {
                files.AddRange(ConfigMap(map.Name, map.Items, mode, map.Optional == true));
            }
            else if (part.Secret is { } secret)
            {
                files.AddRange(Secret(secret.Name, secret.Items, mode, secret.Optional == true));
            }
            else if (part.DownwardAPI is { } downward)
            {
                files.AddRange(Downward(downward.Items, mode));
            }
            else if (part.ServiceAccountToken is { } token)
            {
                var (text, refreshAt) = await tokens.GetAsync(pod, volume, token, cancel);
                Refresh(refreshAt);
                files.Add(OfOneUser(token.Path, text, mode));
            }
            else if (part.ClusterTrustBundle is { } bundle)
            {
                files.Add(new VolumeFile(Clean(bundle.Path), Encoding.ASCII.GetBytes(TrustBundles.Of(pod.Node.View, bundle)), mode));
            }
            else if (part.PodCertificate is { } certificate)
            {
                var issued = await certificates.GetAsync(pod, volume, certificate, cancel);
                Refresh(issued.RefreshAt);
                files.AddRange(Certificate(certificate, issued, mode));
            }
            else
            {
                throw new ConfigException("the projected source is of a kind that this node does not know");
            }
        }

        // A later source wins over an earlier one with the same path.
        return [.. files.GroupBy(f => f.Path, StringComparer.Ordinal).Select(g => g.Last())];
    }

    private void Refresh(DateTimeOffset at) => RefreshAt = RefreshAt is { } earlier && earlier < at ? earlier : at;

    private IEnumerable<VolumeFile> Certificate(V1PodCertificateProjection wanted, PodCertificate issued, UnixFileMode mode)
    {
        foreach (var (path, text) in new[]
        {
            (wanted.CredentialBundlePath, issued.Key + issued.Chain), (wanted.KeyPath, issued.Key), (wanted.CertificateChainPath, issued.Chain),
        })
        {
            if (!string.IsNullOrEmpty(path))
            {
                yield return OfOneUser(path, text, mode);
            }
        }
    }

    /// <summary>What proves who the pod is.</summary>
    private VolumeFile OfOneUser(string path, string text, UnixFileMode mode)
    {
        var user = TokenUser();
        var own = user is not null || pod.Spec.SecurityContext?.FsGroup is not null;
        return new VolumeFile(Clean(path), Encoding.ASCII.GetBytes(text), own ? Permissions.OwnerReadWrite : mode, user);
    }

    /// <summary>The one user that all containers run as, if they do: the token is then his alone.</summary>
    private long? TokenUser()
    {
        var users = pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? [])
            .Select(c => c.SecurityContext?.RunAsUser ?? pod.Spec.SecurityContext?.RunAsUser).Distinct().ToList();
        return users.Count == 1 ? users[0] : null;
    }

    private IReadOnlyList<VolumeFile> ConfigMap(string name, IList<V1KeyToPath>? items, UnixFileMode mode, bool optional)
    {
        if (pod.Node.View.Get(Keys.ConfigMap(Namespace, name))?.As<V1ConfigMap>() is not { } map)
        {
            return optional ? [] : throw new ConfigException($"configmap \"{name}\" not found");
        }

        var all = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (key, text) in map.Data ?? new Dictionary<string, string>())
        {
            all[key] = Encoding.UTF8.GetBytes(text);
        }

        foreach (var (key, bytes) in map.BinaryData ?? new Dictionary<string, byte[]>())
        {
            all[key] = bytes;
        }

        return Select(all, items, mode, optional, key => $"configmap references non-existent config key: {key}");
    }

    private IReadOnlyList<VolumeFile> Secret(string name, IList<V1KeyToPath>? items, UnixFileMode mode, bool optional)
    {
        if (pod.Node.View.Get(Keys.Secret(Namespace, name))?.As<V1Secret>() is not { } secret)
        {
            return optional ? [] : throw new ConfigException($"secret \"{name}\" not found");
        }

        return Select(secret.Data ?? new Dictionary<string, byte[]>(), items, mode, optional, key => $"references non-existent secret key: {key}");
    }

    private static IReadOnlyList<VolumeFile> Select(
        IDictionary<string, byte[]> all, IList<V1KeyToPath>? items, UnixFileMode mode, bool optional, Func<string, string> missing)
    {
        if (items is not { Count: > 0 })
        {
            return [.. all.Select(p => new VolumeFile(p.Key, p.Value, mode))];
        }

        var files = new List<VolumeFile>();
        foreach (var item in items)
        {
            if (all.TryGetValue(item.Key, out var bytes))
            {
                files.Add(new VolumeFile(Clean(item.Path), bytes, Permissions.Of(item.Mode, mode)));
            }
            else if (!optional)
            {
                throw new ConfigException(missing(item.Key));
            }
        }

        return files;
    }

    private List<VolumeFile> Downward(IList<V1DownwardAPIVolumeFile>? items, UnixFileMode mode)
    {
        var files = new List<VolumeFile>();
        foreach (var item in items ?? [])
        {
            var text = item.FieldRef is { } field ? FieldReader.Read(pod, field.FieldPath)
                : item.ResourceFieldRef is { } resource ? ResourceReader.Read(pod, resource, null)
                : throw new ConfigException($"downward API file {item.Path} has no source");
            files.Add(new VolumeFile(Clean(item.Path), Encoding.UTF8.GetBytes(text), Permissions.Of(item.Mode, mode)));
        }

        return files;
    }

    /// <summary>The API refuses paths that leave the volume; this is the net below it.</summary>
    private static string Clean(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 0 || parts.Contains("..") || parts[0].StartsWith("..", StringComparison.Ordinal)
            ? throw new ConfigException($"invalid path {path}")
            : string.Join('/', parts);
    }
}
