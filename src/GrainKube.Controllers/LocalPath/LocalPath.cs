namespace GrainKube.Controllers.LocalPath;

/// <summary>Names of the provisioner that makes directories on nodes.</summary>
public static class LocalPath
{
    /// <summary>What classes say in <c>provisioner</c>.</summary>
    public const string Provisioner = "grainkube.io/local-path";

    /// <summary>Upstream's finalizer of volumes whose provisioner honours the reclaim policy whatever is deleted first.</summary>
    internal const string Finalizer = "external-provisioner.volume.kubernetes.io/finalizer";
}
