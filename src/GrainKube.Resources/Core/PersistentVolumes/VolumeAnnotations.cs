namespace GrainKube.Resources.Core.PersistentVolumes;

/// <summary>Annotations and finalizers by which binder, provisioners and scheduler speak to each other; upstream's names.</summary>
public static class VolumeAnnotations
{
    /// <summary>On a claim: binding is done.</summary>
    public const string BindCompleted = "pv.kubernetes.io/bind-completed";

    /// <summary>On a claim or volume: the controller chose the other one, not the user.</summary>
    public const string BoundByController = "pv.kubernetes.io/bound-by-controller";

    /// <summary>On a volume: who made it, and removes it.</summary>
    public const string ProvisionedBy = "pv.kubernetes.io/provisioned-by";

    /// <summary>On a claim: who is to make its volume.</summary>
    public const string Provisioner = "volume.kubernetes.io/storage-provisioner";

    /// <summary>The same under its old name; provisioners may read either.</summary>
    public const string BetaProvisioner = "volume.beta.kubernetes.io/storage-provisioner";

    /// <summary>On a claim: the node that the scheduler chose for its first pod.</summary>
    public const string SelectedNode = "volume.kubernetes.io/selected-node";

    /// <summary>On claims and volumes: the class, as it was said before there was a field.</summary>
    public const string BetaClass = "volume.beta.kubernetes.io/storage-class";

    /// <summary>On a class: claims that name none get this one.</summary>
    public const string DefaultClass = "storageclass.kubernetes.io/is-default-class";

    /// <summary>The same under its old name.</summary>
    public const string BetaDefaultClass = "storageclass.beta.kubernetes.io/is-default-class";

    /// <summary>Finalizer of volumes: a bound one stays.</summary>
    public const string VolumeProtection = "kubernetes.io/pv-protection";

    /// <summary>Finalizer of claims: one that a pod uses stays.</summary>
    public const string ClaimProtection = "kubernetes.io/pvc-protection";
}
