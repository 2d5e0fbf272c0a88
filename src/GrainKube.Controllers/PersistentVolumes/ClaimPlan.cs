using GrainKube.Resources.Core.PersistentVolumes;
using k8s.Models;

namespace GrainKube.Controllers.PersistentVolumes;

/// <summary>What the binder does for a claim.</summary>
internal enum ClaimStep
{
    /// <summary>The claim stays without a volume; its phase is Pending.</summary>
    Wait,

    /// <summary>Claim and volume are to name each other.</summary>
    Bind,

    /// <summary>Somebody is to make a volume.</summary>
    Provision,

    /// <summary>The claim named no class; there is a default now.</summary>
    TakeDefaultClass,

    /// <summary>The volume of a bound claim is gone or another's.</summary>
    Lose,
}

/// <summary>The next step for a claim, with upstream's rules and words. Pure.</summary>
/// <param name="Step">What to do.</param>
/// <param name="Volume">The volume of a <see cref="ClaimStep.Bind"/>.</param>
/// <param name="Reason">Reason of the event; empty for none.</param>
/// <param name="Message">What the event says.</param>
/// <param name="Warning">Whether the event is a warning.</param>
/// <param name="Name">The default class, or the provisioner.</param>
internal sealed record ClaimPlan(ClaimStep Step, V1PersistentVolume? Volume = null, string Reason = "", string Message = "", bool Warning = false, string Name = "")
{
    public static ClaimPlan For(V1PersistentVolumeClaim claim, ClaimWorld world) =>
        VolumeFacts.Annotation(claim.Metadata, VolumeAnnotations.BindCompleted) is not null ? Bound(claim, world)
        : claim.Spec?.VolumeName is { Length: > 0 } name ? Named(claim, world.Volumes.FirstOrDefault(v => v.Metadata.Name == name), name)
        : Free(claim, world);

    private static ClaimPlan Bound(V1PersistentVolumeClaim claim, ClaimWorld world)
    {
        if (claim.Spec?.VolumeName is not { Length: > 0 } name)
        {
            return Lost(claim, "ClaimLost", "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!");
        }

        return world.Volumes.FirstOrDefault(v => v.Metadata.Name == name) is not { } volume
            ? Lost(claim, "ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!")
            : volume.Spec.ClaimRef is null || VolumeFacts.IsFor(volume, claim) ? new ClaimPlan(ClaimStep.Bind, volume)
            : Lost(claim, "ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly");
    }

    // Said once, when it is found out.
    private static ClaimPlan Lost(V1PersistentVolumeClaim claim, string reason, string message) =>
        claim.Status?.Phase == "Lost" ? new ClaimPlan(ClaimStep.Lose) : new ClaimPlan(ClaimStep.Lose, Reason: reason, Message: message, Warning: true);

    private static ClaimPlan Named(V1PersistentVolumeClaim claim, V1PersistentVolume? volume, string name)
    {
        if (volume is null)
        {
            return new ClaimPlan(ClaimStep.Wait);
        }

        if (volume.Spec.ClaimRef is not null)
        {
            return VolumeFacts.IsFor(volume, claim)
                ? new ClaimPlan(ClaimStep.Bind, volume)
                : new ClaimPlan(ClaimStep.Wait, Reason: "FailedBinding", Message: $"volume \"{name}\" already bound to a different claim.", Warning: true);
        }

        return VolumeMatch.Objection(claim, volume) is { } objection
            ? new ClaimPlan(ClaimStep.Wait, Reason: "VolumeMismatch", Message: $"Cannot bind to requested volume \"{name}\": {objection}", Warning: true)
            : new ClaimPlan(ClaimStep.Bind, volume);
    }

    private static ClaimPlan Free(V1PersistentVolumeClaim claim, ClaimWorld world)
    {
        var wanted = VolumeFacts.ClassOf(claim);
        if (wanted is null && VolumeFacts.DefaultOf(world.Classes) is { } preset)
        {
            return new ClaimPlan(ClaimStep.TakeDefaultClass, Name: preset.Metadata.Name);
        }

        var known = string.IsNullOrEmpty(wanted) ? null : world.Classes.FirstOrDefault(c => c.Metadata.Name == wanted);
        var waits = known?.VolumeBindingMode == "WaitForFirstConsumer";
        if (VolumeMatch.Find(claim, world.Volumes, onlyReserved: waits) is { } volume)
        {
            return new ClaimPlan(ClaimStep.Bind, volume);
        }

        if (waits && VolumeFacts.Annotation(claim.Metadata, VolumeAnnotations.SelectedNode) is null)
        {
            return Consumerless(world.WaitingPods);
        }

        return string.IsNullOrEmpty(wanted)
            ? new ClaimPlan(ClaimStep.Wait, Reason: "FailedBinding", Message: "no persistent volumes available for this claim and no storage class is set")
            : known is null
                ? new ClaimPlan(ClaimStep.Wait, Reason: "ProvisioningFailed", Message: $"storageclass.storage.k8s.io \"{wanted}\" not found", Warning: true)
                : Provision(known.Provisioner);
    }

    private static ClaimPlan Consumerless(IReadOnlyList<string> pods) => pods.Count == 0
        ? new ClaimPlan(ClaimStep.Wait, Reason: "WaitForFirstConsumer", Message: "waiting for first consumer to be created before binding")
        : new ClaimPlan(ClaimStep.Wait, Reason: "WaitForPodScheduled", Message: pods.Count == 1 ? $"waiting for pod {pods[0]} to be scheduled" : $"waiting for pods {string.Join(",", pods)} to be scheduled");

    private static ClaimPlan Provision(string provisioner) => provisioner == "kubernetes.io/no-provisioner"
        ? new ClaimPlan(ClaimStep.Wait, Reason: "ProvisioningFailed", Message: "no volume plugin matched name: kubernetes.io/no-provisioner", Warning: true)
        : new ClaimPlan(
            ClaimStep.Provision,
            Reason: "ExternalProvisioning",
            Message: $"Waiting for a volume to be created either by the external provisioner '{provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.",
            Name: provisioner);
}
