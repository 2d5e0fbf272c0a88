using System.Text;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Environment;
using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Pressure;
using GrainKube.Kubelet.Resources;
using GrainKube.Kubelet.Runtime;
using k8s.Models;

namespace GrainKube.Kubelet.Volumes;

/// <summary>The files of pods on this node's disk, below <c>pods/UID</c>.</summary>
internal sealed class PodVolumes(NodeOptions options, ITokenSource tokenSource, TimeProvider time) : IPodVolumes
{
    private const int LongestMessage = 4096;
    private const int LongestFile = 1 << 20;
    private const string DefaultMessagePath = "/dev/termination-log";

    private readonly PodDirectories directories = new(options.RootDirectory);
    private readonly ImageVolumes images = new(new PodDirectories(options.RootDirectory));
    private readonly PodTokens tokens = new(tokenSource);
    private readonly PodCertificates certificates = new(time);

    public async Task MountAsync(PodContext pod, CancellationToken cancel)
    {
        var root = directories.Of(pod.Uid);
        Directory.CreateDirectory(root, Permissions.OwnerAll | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
        pod.Memory.VolumesRefreshAt = null;
        foreach (var volume in pod.Spec.Volumes ?? [])
        {
            try
            {
                await MountAsync(pod, volume, cancel);
            }
            catch (Exception failed) when (failed is ConfigException or IOException or UnauthorizedAccessException or VolumeException)
            {
                throw new VolumeException($"MountVolume.SetUp failed for volume \"{volume.Name}\" : {failed.Message}", failed);
            }
        }
    }

    public async Task PrepareAsync(PodContext pod, V1Container container, CancellationToken cancel)
    {
        foreach (var volume in (pod.Spec.Volumes ?? []).Where(v => v.Image is not null && (container.VolumeMounts ?? []).Any(m => m.Name == v.Name)))
        {
            await images.EnsureAsync(pod, volume, cancel);
        }
    }

    public IReadOnlyList<ContainerMount> MountsOf(PodContext pod, V1Container container, int attempt, IReadOnlyDictionary<string, string> environment)
    {
        try
        {
            var mounts = new List<ContainerMount>();
            foreach (var mount in container.VolumeMounts ?? [])
            {
                mounts.Add(MountOf(pod, mount, environment, directories.SubPath(pod.Uid, mount.Name, container.Name, mounts.Count)));
            }

            if (mounts.All(m => m.ContainerPath != "/etc/hosts"))
            {
                var hosts = directories.EtcHosts(pod.Uid);
                File.WriteAllText(hosts, HostsFile.Content(pod));
                File.SetUnixFileMode(hosts, Permissions.DefaultFile);
                mounts.Add(new ContainerMount(hosts, "/etc/hosts", ReadOnly: false));
            }

            mounts.Add(new ContainerMount(NewTerminationLog(pod.Uid, container.Name, attempt), container.TerminationMessagePath ?? DefaultMessagePath, ReadOnly: false));
            return mounts;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new VolumeException(failed.Message, failed);
        }
    }

    public string? ReadFile(PodContext pod, string volume, string path)
    {
        var source = (pod.Spec.Volumes ?? []).FirstOrDefault(v => v.Name == volume && v.EmptyDir is not null)
            ?? throw new VolumeException($"cannot find emptyDir volume \"{volume}\"");
        var root = PathOf(pod.Uid, source);
        try
        {
            return Path.Exists(Path.Combine(root, path)) ? SubPathMounts.Read(root, SubPath.Resolve(root, path, create: false), LongestFile) : null;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new VolumeException(failed.Message, failed);
        }
    }

    public IReadOnlyDictionary<string, DiskUse> EmptyDirUse(string podUid, V1PodSpec spec) => (spec.Volumes ?? [])
        .Where(v => v.EmptyDir is not null and not { Medium: "Memory" })
        .ToDictionary(v => v.Name, v => DiskUsage.Of(PathOf(podUid, v)));

    public async Task<string> ReadTerminationMessageAsync(ContainerState container, CancellationToken cancel)
    {
        var file = directories.TerminationLog(container.PodUid, container.Name, container.Attempt);
        if (!File.Exists(file))
        {
            return "";
        }

        await using var stream = File.OpenRead(file);
        stream.Seek(Math.Max(0, stream.Length - LongestMessage), SeekOrigin.Begin);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancel);
    }

    public IReadOnlySet<string> ImagesInUse() => images.InUse();

    public async Task RemoveAsync(string podUid, CancellationToken cancel)
    {
        tokens.Forget(podUid);
        certificates.Forget(podUid);
        var root = directories.Of(podUid);
        var hadImages = images.HasAny(podUid);
        if (Directory.Exists(root))
        {
            MemoryMounts.RemoveBelow(root);
            Directory.Delete(root, recursive: true);
        }

        await images.SweepAsync(hadImages, cancel);
    }

    public IReadOnlyList<string> PodsWithFiles() =>
        Directory.Exists(directories.Pods) ? [.. Directory.EnumerateDirectories(directories.Pods).Select(d => Path.GetFileName(d)!)] : [];

    private async Task MountAsync(PodContext pod, V1Volume volume, CancellationToken cancel)
    {
        if (volume.HostPath is { } host)
        {
            HostPaths.Ensure(host);
            return;
        }

        if (volume.Image is not null)
        {
            return; // made when a container of it starts
        }

        if (ClaimVolumes.ClaimOf(pod, volume) is { } claim)
        {
            MountClaim(pod, ClaimVolumes.Find(pod, volume, claim));
            return;
        }

        var path = PathOf(pod.Uid, volume);
        if (volume.EmptyDir is { } empty)
        {
            MakeEmpty(pod, path, empty);
            return;
        }

        var content = new VolumeContent(pod, tokens, certificates);
        var files = volume.ConfigMap is { } map ? content.Of(map)
            : volume.Secret is { } secret ? content.Of(secret)
            : volume.DownwardAPI is { } downward ? content.Of(downward)
            : await content.OfAsync(volume.Name, volume.Projected, cancel);
        Directory.CreateDirectory(path, Permissions.Everything);
        if (volume.Secret is not null || volume.Projected is not null)
        {
            KeepOffDisk(path);
        }

        new AtomicDirectory(path, time).Write(files, pod.Spec.SecurityContext?.FsGroup);
        if (content.RefreshAt is { } at && (pod.Memory.VolumesRefreshAt is not { } earlier || at < earlier))
        {
            pod.Memory.VolumesRefreshAt = at;
        }
    }

    private static void MountClaim(PodContext pod, V1PersistentVolume volume)
    {
        var path = ClaimVolumes.Prepare(pod, volume);
        if (volume.Spec.Local is not null && pod.Spec.SecurityContext is { FsGroup: { } group } security && pod.Memory.OwnedVolumes.Add(volume.Metadata.Name))
        {
            VolumeOwnership.Apply(path, group, security.FsGroupChangePolicy); // a path of the host keeps its owner, as upstream has it
        }
    }

    private static long LimitOf(V1EmptyDirVolumeSource source) =>
        source.SizeLimit is { } limit ? ContainerLimits.Bytes(new Dictionary<string, ResourceQuantity> { ["size"] = limit }, "size") : 0;

    private static void MakeEmpty(PodContext pod, string path, V1EmptyDirVolumeSource source)
    {
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path);
        }

        if (source.Medium == "Memory")
        {
            MemoryMounts.Ensure(path, LimitOf(source));
        }

        var mode = source.Mode is { } bits ? (UnixFileMode)(bits & 0xFFF) : Permissions.Everything;
        if (pod.Spec.SecurityContext?.FsGroup is { } group)
        {
            Native.ChangeGroup(path, group);
            mode |= UnixFileMode.SetGroup | Permissions.GroupAll;
        }

        File.SetUnixFileMode(path, mode);
    }

    /// <summary>Secrets live in memory where the kernel lets us; a host that forbids mounts keeps them on disk, where only root reads the pod's directory.</summary>
    private static void KeepOffDisk(string path)
    {
        try
        {
            MemoryMounts.Ensure(path, 0);
        }
        catch (IOException)
        {
            File.SetUnixFileMode(path, Permissions.OwnerAll | Permissions.OthersEnter);
        }
    }

    private ContainerMount MountOf(PodContext pod, V1VolumeMount mount, IReadOnlyDictionary<string, string> environment, string place)
    {
        var volume = (pod.Spec.Volumes ?? []).FirstOrDefault(v => v.Name == mount.Name)
            ?? throw new VolumeException($"cannot find volume \"{mount.Name}\" to mount into container");
        var claim = ClaimVolumes.ClaimOf(pod, volume);
        var source = volume.HostPath?.Path ?? (claim is null ? PathOf(pod.Uid, volume) : ClaimVolumes.PathOf(ClaimVolumes.Find(pod, volume, claim)));
        var subPath = mount.SubPath ?? "";
        if (!string.IsNullOrEmpty(mount.SubPathExpr))
        {
            subPath = Expansion.Expand(mount.SubPathExpr, environment);
            if (subPath.Contains("$(", StringComparison.Ordinal))
            {
                throw new VolumeException($"missing value for \"{subPath}\"");
            }
        }

        if (subPath.StartsWith('/'))
        {
            // What is written as a path is checked when the pod is created; what an expression gives can only be seen here.
            throw new VolumeException($"error SubPath `{subPath}` must not be an absolute path");
        }

        if (subPath.Length > 0)
        {
            var made = volume.EmptyDir is not null || volume.HostPath is not null || claim is not null;
            source = SubPathMounts.Pin(source, SubPath.Resolve(source, subPath, create: made), place);
        }

        var fromObjects = volume.ConfigMap is not null || volume.Secret is not null || volume.DownwardAPI is not null || volume.Projected is not null || volume.Image is not null;
        var path = mount.MountPath.StartsWith('/') ? mount.MountPath : "/" + mount.MountPath;
        return new ContainerMount(source, path, mount.ReadOnlyProperty == true || volume.PersistentVolumeClaim?.ReadOnlyProperty == true || fromObjects, mount.MountPropagation switch
        {
            "HostToContainer" => "rslave",
            "Bidirectional" => "rshared",
            _ => ContainerMount.Private,
        });
    }

    private string PathOf(string podUid, V1Volume volume)
    {
        if (volume.Image is not null)
        {
            return images.PathOf(podUid, volume.Name);
        }

        var plugin = volume.EmptyDir is not null ? "kubernetes.io~empty-dir"
            : volume.ConfigMap is not null ? "kubernetes.io~configmap"
            : volume.Secret is not null ? "kubernetes.io~secret"
            : volume.DownwardAPI is not null ? "kubernetes.io~downward-api"
            : volume.Projected is not null ? "kubernetes.io~projected"
            : throw new VolumeException("no volume plugin matched");
        return directories.Volume(podUid, plugin, volume.Name);
    }

    private string NewTerminationLog(string podUid, string container, int attempt)
    {
        var file = directories.TerminationLog(podUid, container, attempt);
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, []);
            File.SetUnixFileMode(file, Permissions.Everything & ~(UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute));
        }

        return file;
    }
}
