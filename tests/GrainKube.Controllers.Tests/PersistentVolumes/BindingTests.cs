using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;
using static GrainKube.Controllers.Tests.PersistentVolumes.VolumeObjects;

namespace GrainKube.Controllers.Tests.PersistentVolumes;

[Collection(ClusterTests.Name)]
public sealed class BindingTests(ClusterFixture fixture)
{
    [Fact]
    public async Task A_claim_gets_the_smallest_volume_that_is_large_enough_and_keeps_it_until_it_goes()
    {
        var ns = await fixture.Cluster.NamespaceAsync("bind");
        await fixture.Cluster.ApplyAsync(Volume($"{ns.Name}-large", "5Gi", ns.Name));
        await fixture.Cluster.ApplyAsync(Volume($"{ns.Name}-fits", "2Gi", ns.Name));
        await fixture.Cluster.ApplyAsync(Volume($"{ns.Name}-small", "1Gi", ns.Name));
        await ns.ApplyAsync(Claim("data", "2Gi", $"\"{ns.Name}\""));

        var claim = await ns.EventuallyOneAsync<V1PersistentVolumeClaim>("data", c => c.Status.Phase == "Bound");
        Assert.Equal($"{ns.Name}-fits", claim.Spec.VolumeName);
        Assert.Equal("2Gi", claim.Status.Capacity["storage"].ToString());
        Assert.Equal("yes", claim.Metadata.Annotations["pv.kubernetes.io/bind-completed"]);
        Assert.Contains("kubernetes.io/pvc-protection", claim.Metadata.Finalizers);
        var volume = await PhaseAsync($"{ns.Name}-fits", "Bound");
        Assert.Equal(claim.Metadata.Uid, volume.Spec.ClaimRef.Uid);
        await PhaseAsync($"{ns.Name}-small", "Available");

        await ns.DeleteAsync<V1PersistentVolumeClaim>("data");
        await ns.GoneAsync<V1PersistentVolumeClaim>("data");
        await PhaseAsync($"{ns.Name}-fits", "Released");
        foreach (var name in new[] { "large", "fits", "small" })
        {
            await RemoveAsync($"{ns.Name}-{name}");
        }
    }

    [Fact]
    public async Task A_volume_that_nobody_can_reclaim_fails_and_says_why()
    {
        var ns = await fixture.Cluster.NamespaceAsync("bind");
        var name = $"{ns.Name}-kept";
        var volume = Volume(name, "1Gi", ns.Name, reclaim: "Delete");
        volume["spec"]!["hostPath"]!["path"] = "/srv/data";
        await fixture.Cluster.ApplyAsync(volume);
        await ns.ApplyAsync(Claim("data", "1Gi", $"\"{ns.Name}\""));
        await PhaseAsync(name, "Bound");

        await ns.DeleteAsync<V1PersistentVolumeClaim>("data");
        Assert.Equal("host_path deleter only supports /tmp/.+ but received provided /srv/data", (await PhaseAsync(name, "Failed")).Status.Message);
        await RemoveAsync(name);
    }

    [Fact]
    public async Task A_volume_below_tmp_goes_with_its_claim_as_its_policy_says()
    {
        var ns = await fixture.Cluster.NamespaceAsync("bind");
        var name = $"{ns.Name}-scratch";
        var volume = Volume(name, "1Gi", ns.Name, reclaim: "Delete");
        volume["spec"]!["hostPath"]!["path"] = $"/tmp/{name}";
        await fixture.Cluster.ApplyAsync(volume);
        await ns.ApplyAsync(Claim("data", "1Gi", $"\"{ns.Name}\""));
        await PhaseAsync(name, "Bound");

        await ns.DeleteAsync<V1PersistentVolumeClaim>("data");
        await fixture.Cluster.EventuallyAsync<V1PersistentVolume>(v => v.Header.Name == name, left => left.Count == 0);
    }

    [Fact]
    public async Task A_claim_that_nobody_can_satisfy_waits_and_says_why()
    {
        var ns = await fixture.Cluster.NamespaceAsync("bind");
        await ns.ApplyAsync(Claim("data", "1Gi"));
        var told = await ns.EventAsync("data", "FailedBinding");
        Assert.Equal("no persistent volumes available for this claim and no storage class is set", told.Message);

        await ns.ApplyAsync(Claim("lost", "1Gi", "\"absent\""));
        Assert.Equal("storageclass.storage.k8s.io \"absent\" not found", (await ns.EventAsync("lost", "ProvisioningFailed")).Message);
        Assert.Equal("Pending", (await ns.GetAsync<V1PersistentVolumeClaim>("data")).Status.Phase);
    }

    [Fact]
    public async Task A_volume_reserved_for_a_claim_goes_to_nobody_else()
    {
        var ns = await fixture.Cluster.NamespaceAsync("bind");
        await fixture.Cluster.ApplyAsync(Volume($"{ns.Name}-v", "1Gi", ns.Name, $$"""
            "claimRef":{"namespace":"{{ns.Name}}","name":"mine"},
            """));
        await ns.ApplyAsync(Claim("other", "1Gi", $"\"{ns.Name}\""));
        await ns.ApplyAsync(Claim("mine", "1Gi", $"\"{ns.Name}\""));

        await ns.EventuallyOneAsync<V1PersistentVolumeClaim>("mine", c => c.Status.Phase == "Bound");
        Assert.Equal("Pending", (await ns.GetAsync<V1PersistentVolumeClaim>("other")).Status.Phase);
        await ns.DeleteAsync<V1PersistentVolumeClaim>("mine");
        await ns.GoneAsync<V1PersistentVolumeClaim>("mine");
        await RemoveAsync($"{ns.Name}-v");
    }

    [Fact]
    public async Task A_bound_claim_whose_volume_is_gone_is_lost()
    {
        var ns = await fixture.Cluster.NamespaceAsync("bind");
        await fixture.Cluster.ApplyAsync(Volume($"{ns.Name}-v", "1Gi", ns.Name));
        await ns.ApplyAsync(Claim("data", "1Gi", $"\"{ns.Name}\""));
        await ns.EventuallyOneAsync<V1PersistentVolumeClaim>("data", c => c.Status.Phase == "Bound");

        // A bound volume is protected; whoever takes the protection away has it his way.
        await fixture.Cluster.Objects.DeleteAsync(fixture.Cluster.Objects.KeyOf<V1PersistentVolume>("", $"{ns.Name}-v"), null, default);
        await fixture.Cluster.PatchAsync(fixture.Cluster.Objects.KeyOf<V1PersistentVolume>("", $"{ns.Name}-v"), """{"metadata":{"finalizers":null} }""");
        await ns.EventuallyOneAsync<V1PersistentVolumeClaim>("data", c => c.Status.Phase == "Lost");
        Assert.Equal("Bound claim has lost its PersistentVolume. Data on the volume is lost!", (await ns.EventAsync("data", "ClaimLost")).Message);
    }

    [Fact]
    public async Task A_claim_in_use_stays_until_its_pod_has_gone()
    {
        var ns = await fixture.Cluster.NamespaceAsync("bind");
        await ns.ApplyAsync(Claim("data", storageClass: "null"));
        Assert.Equal("local-path", (await ns.GetAsync<V1PersistentVolumeClaim>("data")).Spec.StorageClassName);
        await ns.EventAsync("data", "WaitForFirstConsumer");
        await ns.ApplyAsync(PodWith("user", "data"));
        var pod = await ns.EventuallyOneAsync<V1Pod>("user", p => p.Status.Phase == "Running");

        // A simulated node mounts nothing, so its pods do not wait for the last word on the claim.
        var claim = await ns.EventuallyOneAsync<V1PersistentVolumeClaim>("data", c => c.Status.Phase == "Bound");
        Assert.Equal(pod.Spec.NodeName, claim.Metadata.Annotations["volume.kubernetes.io/selected-node"]);
        await ns.EventAsync("data", "ProvisioningSucceeded");

        await ns.DeleteAsync<V1PersistentVolumeClaim>("data");
        await ns.EventuallyOneAsync<V1PersistentVolumeClaim>("data", c => c.Metadata.DeletionTimestamp is not null);
        await ns.ApplyAsync(PodWith("late", "data"));
        var late = await ns.EventuallyOneAsync<V1Pod>("late", p => p.Status.Conditions?.Any(c => c.Type == "PodScheduled") == true);
        Assert.Contains("persistentvolumeclaim \"data\" is being deleted", late.Status.Conditions.Single(c => c.Type == "PodScheduled").Message);

        await ns.DeleteAsync<V1Pod>("user");
        await ns.GoneAsync<V1PersistentVolumeClaim>("data");
        await fixture.Cluster.EventuallyAsync<V1PersistentVolume>(v => v.Header.Name == claim.Spec.VolumeName, left => left.Count == 0);
    }

    [Fact]
    public async Task An_ephemeral_volume_has_a_claim_that_comes_and_goes_with_its_pod()
    {
        var ns = await fixture.Cluster.NamespaceAsync("bind");
        await ns.ApplyAsync(Sample.Pod("work", spec: """
            "terminationGracePeriodSeconds":0,"volumes":[{"name":"scratch","ephemeral":{"volumeClaimTemplate":{"metadata":{"labels":{"for":"work"} },
              "spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"} } } } } }]
            """));
        await ns.EventuallyOneAsync<V1Pod>("work", p => p.Status.Phase == "Running");
        var claim = await ns.GetAsync<V1PersistentVolumeClaim>("work-scratch");
        Assert.Equal(("work", "Bound"), (claim.Metadata.Labels["for"], claim.Status.Phase));
        await ns.DeleteAsync<V1Pod>("work");
        await ns.GoneAsync<V1PersistentVolumeClaim>("work-scratch");
    }

    [Fact]
    public async Task A_class_that_waits_for_nobody_has_its_volume_at_once_and_lets_it_grow()
    {
        var ns = await fixture.Cluster.NamespaceAsync("bind");
        await fixture.Cluster.ApplyAsync(Sample.Parse($$"""
            {"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"name":"{{ns.Name}}"},"provisioner":"grainkube.io/local-path","allowVolumeExpansion":true}
            """));
        await ns.ApplyAsync(Claim("data", "1Gi", $"\"{ns.Name}\""));
        await ns.EventuallyOneAsync<V1PersistentVolumeClaim>("data", c => c.Status.Phase == "Bound");
        await ns.PatchAsync<V1PersistentVolumeClaim>("data", """{"spec":{"resources":{"requests":{"storage":"2Gi"} } } }""");
        var claim = await ns.EventuallyOneAsync<V1PersistentVolumeClaim>("data", c => c.Status.Capacity["storage"].ToString() == "2Gi");
        var volume = await PhaseAsync(claim.Spec.VolumeName, "Bound");
        Assert.Equal("2Gi", volume.Spec.Capacity["storage"].ToString());

        // Deleted first, the volume still waits for its claim, and is reclaimed with it.
        await fixture.Cluster.Objects.DeleteAsync(fixture.Cluster.Objects.KeyOf<V1PersistentVolume>("", claim.Spec.VolumeName), null, default);
        await fixture.Cluster.EventuallyAsync<V1PersistentVolume>(v => v.Header.Name == claim.Spec.VolumeName, all => all is [{ Header.DeletionTimestamp: not null }]);
        await ns.DeleteAsync<V1PersistentVolumeClaim>("data");
        await fixture.Cluster.EventuallyAsync<V1PersistentVolume>(v => v.Header.Name == claim.Spec.VolumeName, left => left.Count == 0);
        await fixture.Cluster.Objects.DeleteAsync(fixture.Cluster.Objects.KeyOf<V1StorageClass>("", ns.Name), null, default);
    }

    private async Task<V1PersistentVolume> PhaseAsync(string name, string phase) =>
        (await fixture.Cluster.EventuallyAsync<V1PersistentVolume>(v => v.Header.Name == name, all => all.Count == 1 && all[0].As<V1PersistentVolume>().Status?.Phase == phase))[0]
        .As<V1PersistentVolume>();

    private async Task RemoveAsync(string volume)
    {
        await fixture.Cluster.Objects.DeleteAsync(fixture.Cluster.Objects.KeyOf<V1PersistentVolume>("", volume), null, default);
        await fixture.Cluster.EventuallyAsync<V1PersistentVolume>(v => v.Header.Name == volume, left => left.Count == 0);
    }
}
