using CsCheck;
using GrainKube.Controllers.PersistentVolumes;
using GrainKube.Resources.Core.PersistentVolumes;
using k8s;
using k8s.Models;
using Xunit;
using static GrainKube.Controllers.Tests.PersistentVolumes.VolumeObjects;

namespace GrainKube.Controllers.Tests.PersistentVolumes;

public sealed class ClaimPlanTests
{
    private static readonly Gen<V1PersistentVolume> AnyVolume =
        from number in Gen.Int[0, 20]
        from size in Gen.Int[1, 5]
        from storageClass in Gen.OneOf("", "fast")
        from phase in Gen.OneOf("Available", "Available", "Bound", "Released")
        from claimed in Gen.OneOf("", "", "data", "other")
        from deleted in Gen.Int[0, 5]
        select MakeVolume(number, size, storageClass, phase, claimed, deleted == 0);

    private static readonly Gen<V1PersistentVolumeClaim> AnyClaim =
        from size in Gen.Int[1, 5]
        from storageClass in Gen.OneOf("", "fast")
        select MakeClaim(size, storageClass);

    [Fact]
    public void A_chosen_volume_is_free_or_reserved_and_large_enough_and_of_the_class_and_none_smaller_would_do() => Gen.Select(AnyClaim, AnyVolume.List[0, 6]).Sample((claim, volumes) =>
    {
        var plan = ClaimPlan.For(claim, new ClaimWorld(volumes, [], []));
        if (plan.Step != ClaimStep.Bind)
        {
            Assert.DoesNotContain(volumes, v => Free(v, claim));
            return;
        }

        var chosen = plan.Volume!;
        Assert.True(SizeOf(chosen) >= SizeOf(claim));
        Assert.Null(chosen.Metadata.DeletionTimestamp);
        if (!VolumeFacts.IsFor(chosen, claim))
        {
            Assert.True(Free(chosen, claim));
            Assert.DoesNotContain(volumes, v => Free(v, claim) && SizeOf(v) < SizeOf(chosen));
        }
    });

    [Fact]
    public void A_claim_whose_class_waits_for_a_pod_takes_no_free_volume() => Gen.Select(AnyClaim, AnyVolume.List[0, 6]).Sample((claim, volumes) =>
    {
        claim.Spec.StorageClassName = "fast";
        var fast = new V1StorageClass { Metadata = new V1ObjectMeta { Name = "fast" }, Provisioner = "p", VolumeBindingMode = "WaitForFirstConsumer" };
        var plan = ClaimPlan.For(claim, new ClaimWorld(volumes, [fast], []));
        Assert.True(plan.Step == ClaimStep.Bind ? VolumeFacts.IsFor(plan.Volume!, claim) : plan is { Step: ClaimStep.Wait, Reason: "WaitForFirstConsumer" });
    });

    [Theory]
    [InlineData("Retain", "", "")]
    [InlineData("Delete", "", "Failed")]
    [InlineData("Delete", "someone", "")]
    [InlineData("Recycle", "", "Failed")]
    public void A_volume_whose_claim_is_gone_is_released_and_then_treated_by_its_reclaim_policy(string policy, string provisioner, string phase)
    {
        var volume = MakeVolume(1, 1, "", "Bound", "data", deleted: false);
        volume.Spec.ClaimRef.Uid = "gone";
        volume.Spec.PersistentVolumeReclaimPolicy = policy;
        volume.Spec.HostPath = new V1HostPathVolumeSource { Path = "/srv/data" };
        volume.Metadata.Annotations = provisioner.Length > 0 ? new Dictionary<string, string> { [VolumeAnnotations.ProvisionedBy] = provisioner } : null;
        Assert.Equal(new VolumePlan("Released"), VolumePlan.For(volume, null));

        volume.Status.Phase = "Released";
        Assert.Equal(phase, VolumePlan.For(volume, null).Phase);
        volume.Status.Phase = "Failed";
        Assert.Equal(new VolumePlan(), VolumePlan.For(volume, null));
    }

    [Theory]
    [InlineData("Delete", """{"hostPath":{"path":"/srv/data"}}""", "VolumeFailedDelete", "host_path deleter only supports /tmp/.+ but received provided /srv/data")]
    [InlineData("Delete", """{"nfs":{"server":"a","path":"/"}}""", "VolumeFailedDelete", "error getting deleter volume plugin for volume \"v1\": no deletable volume plugin matched")]
    [InlineData("Delete", """{"csi":{"driver":"d","volumeHandle":"h"}}""", "VolumeFailedDelete", "error getting deleter volume plugin for volume \"v1\": no volume plugin matched")]
    [InlineData("Recycle", """{"hostPath":{"path":"/srv/data"}}""", "VolumeFailedRecycle", "No recycler plugin found for the volume!")]
    public void A_volume_that_nobody_can_reclaim_says_why(string policy, string source, string reason, string message)
    {
        var volume = KubernetesJson.Deserialize<V1PersistentVolume>($$$"""{"metadata":{"name":"v1"},"spec":{{{source}}},"status":{"phase":"Released"}}""");
        (volume.Spec.PersistentVolumeReclaimPolicy, volume.Spec.ClaimRef) = (policy, new V1ObjectReference { Uid = "gone", Name = "data", NamespaceProperty = "default" });
        Assert.Equal(("Failed", reason, message), (VolumePlan.For(volume, null).Phase, VolumePlan.For(volume, null).Reason, VolumePlan.For(volume, null).Message));
    }

    [Theory]
    [InlineData("/tmp/data", "Released", true)]
    [InlineData("/tmp/data", "Failed", true)]
    [InlineData("/tmp/", "Released", false)]
    [InlineData("/srv/tmp/data", "Released", false)]
    public void Only_below_tmp_a_directory_that_nobody_made_goes_with_its_volume(string path, string phase, bool removes)
    {
        var volume = KubernetesJson.Deserialize<V1PersistentVolume>(
            $$$"""{"metadata":{"name":"v1"},"spec":{"hostPath":{"path":"{{{path}}}"},"persistentVolumeReclaimPolicy":"Delete","claimRef":{"uid":"gone","name":"data","namespace":"default"}},"status":{"phase":"{{{phase}}}"}}""");
        Assert.Equal(removes, VolumePlan.For(volume, null).RemovesPath);
        Assert.Equal(removes ? "" : "Failed", VolumePlan.For(volume, null).Phase);

        volume.Metadata.DeletionTimestamp = DateTime.UnixEpoch;
        Assert.False(VolumePlan.For(volume, null).RemovesPath);
    }

    [Fact]
    public void A_volume_whose_claim_has_another_is_free_again()
    {
        var volume = MakeVolume(1, 1, "", "Bound", "data", deleted: false);
        volume.Spec.ClaimRef.Uid = "u";
        var claim = MakeClaim(1, "");
        claim.Spec.VolumeName = "another";
        Assert.Equal(("Available", VolumeRelease.OnlyUid), (VolumePlan.For(volume, claim).Phase, VolumePlan.For(volume, claim).Release));
        volume.Metadata.Annotations = new Dictionary<string, string> { [VolumeAnnotations.BoundByController] = "yes" };
        Assert.Equal(VolumeRelease.Whole, VolumePlan.For(volume, claim).Release);
    }

    private static bool Free(V1PersistentVolume volume, V1PersistentVolumeClaim claim) =>
        volume.Spec.ClaimRef is null && volume.Status.Phase == "Available" && volume.Metadata.DeletionTimestamp is null
        && VolumeFacts.ClassOf(volume) == VolumeFacts.ClassOf(claim) && SizeOf(volume) >= SizeOf(claim);

    private static long SizeOf(V1PersistentVolume volume) => VolumeFacts.StorageOf(volume.Spec.Capacity).Value;

    private static long SizeOf(V1PersistentVolumeClaim claim) => VolumeFacts.StorageOf(claim.Spec.Resources.Requests).Value;

    private static V1PersistentVolume MakeVolume(int number, int size, string storageClass, string phase, string claimed, bool deleted)
    {
        var volume = KubernetesJson.Deserialize<V1PersistentVolume>(Volume($"v{number}", $"{size}Gi", storageClass).ToJsonString());
        volume.Status = new V1PersistentVolumeStatus { Phase = phase };
        volume.Spec.ClaimRef = claimed.Length == 0 ? null : new V1ObjectReference { NamespaceProperty = "n", Name = claimed };
        volume.Metadata.DeletionTimestamp = deleted ? DateTime.UnixEpoch : null;
        return volume;
    }

    private static V1PersistentVolumeClaim MakeClaim(int size, string storageClass)
    {
        var claim = KubernetesJson.Deserialize<V1PersistentVolumeClaim>(Claim("data", $"{size}Gi", $"\"{storageClass}\"").ToJsonString());
        (claim.Metadata.NamespaceProperty, claim.Metadata.Uid) = ("n", "u");
        return claim;
    }
}
