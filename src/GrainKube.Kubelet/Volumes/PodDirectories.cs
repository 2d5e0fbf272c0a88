namespace GrainKube.Kubelet.Volumes;

/// <summary>Where the files of a pod are.</summary>
internal sealed class PodDirectories(string root)
{
    public const string ImagePlugin = "kubernetes.io~image";

    public string Pods => Path.Combine(root, "pods");

    public string Of(string podUid) => Path.Combine(Pods, podUid);

    /// <param name="podUid">The pod.</param>
    /// <param name="plugin">Kind of volume, as upstream's directories are called: <c>kubernetes.io~empty-dir</c>.</param>
    /// <param name="volume">Name of the volume.</param>
    public string Volume(string podUid, string plugin, string volume) => Path.Combine(Of(podUid), "volumes", plugin, volume);

    /// <summary>Files of images that are volumes of pods, one directory an image.</summary>
    public string Images => Path.GetFullPath(Path.Combine(root, "image-volumes"));

    /// <summary>The pods' volumes that are images.</summary>
    public string ImagesOf(string podUid) => Path.Combine(Of(podUid), "volumes", ImagePlugin);

    /// <summary>Where a mount's sub path is pinned.</summary>
    public string SubPath(string podUid, string volume, string container, int index) =>
        Path.Combine(Of(podUid), "volume-subpaths", volume, container, index.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public string EtcHosts(string podUid) => Path.Combine(Of(podUid), "etc-hosts");

    public string TerminationLog(string podUid, string container, int attempt) =>
        Path.Combine(Of(podUid), "containers", container, attempt.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
