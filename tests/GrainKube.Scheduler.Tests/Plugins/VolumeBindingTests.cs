using GrainKube.Scheduler.Scheduling;
using k8s.Models;
using Xunit;

namespace GrainKube.Scheduler.Tests.Plugins;

public sealed class VolumeBindingTests
{
    private readonly SchedulerWorld world = new();

    public VolumeBindingTests()
    {
        world.Node("a", labels: """{"zone":"a"}""");
        world.Node("b", labels: """{"zone":"b"}""");
        world.Volumes.Add<V1StorageClass>("""{"metadata":{"name":"late"},"provisioner":"p","volumeBindingMode":"WaitForFirstConsumer"}""");
        world.Volumes.Add<V1StorageClass>("""{"metadata":{"name":"static"},"provisioner":"kubernetes.io/no-provisioner","volumeBindingMode":"WaitForFirstConsumer"}""");
        world.Volumes.Add<V1StorageClass>("""{"metadata":{"name":"now"},"provisioner":"p","volumeBindingMode":"Immediate"}""");
    }

    [Fact]
    public void A_pod_goes_where_its_bound_volume_is()
    {
        Claim("data", volume: "v");
        Volume("v", "b", "Bound");
        Assert.Equal("b", Place("data").Node?.Name);
    }

    [Fact]
    public void A_volume_on_no_node_is_told_in_upstreams_words()
    {
        Claim("data", volume: "v");
        Volume("v", "nowhere", "Bound");
        Assert.Equal(
            "0/2 nodes are available: 2 node(s) didn't match PersistentVolume's node affinity. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
            Told("data"));
    }

    [Theory]
    [InlineData("absent", "persistentvolumeclaim \"absent\" not found")]
    [InlineData("eager", "pod has unbound immediate PersistentVolumeClaims")]
    public void A_claim_that_stops_the_pod_everywhere_is_told_once(string claim, string why)
    {
        Claim("eager", storageClass: "now");
        Assert.StartsWith($"0/2 nodes are available: {why}. preemption: 0/2 nodes", Told(claim));
    }

    [Fact]
    public void A_claim_that_waits_for_its_pod_takes_a_free_volume_of_a_node_or_waits_for_one()
    {
        Claim("data", storageClass: "static");
        Assert.Contains("2 node(s) didn't find available persistent volumes to bind", Told("data"));
        Volume("v", "b", "Available", "static");
        Assert.Equal("b", Place("data").Node?.Name);
    }

    [Fact]
    public void A_claim_whose_volume_is_being_made_holds_its_pod_to_that_node()
    {
        Claim("data", storageClass: "late", annotations: """{"volume.kubernetes.io/selected-node":"b"}""");
        Assert.Equal("b", Place("data").Node?.Name);
    }

    [Fact]
    public void A_claim_for_one_pod_is_used_by_one_pod()
    {
        Claim("data", volume: "v", mode: "ReadWriteOncePod");
        Volume("v", "b", "Bound");
        world.Table.Place(Pod("first", "data"), "b");
        Assert.Contains("node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode", Told("data"));
        world.Table.Displace("first");
        Assert.Equal("b", Place("data").Node?.Name);
    }

    private Placement Place(string claim) => world.Place(Pod("p", claim));

    private string Told(string claim) => world.Refused(Pod("p", claim)).Told;

    private GrainKube.Scheduler.Pods.PodRequest Pod(string name, string claim) => world.Pod(name, spec: $$"""
        "volumes":[{"name":"data","persistentVolumeClaim":{"claimName":"{{claim}}"} }]
        """);

    private void Claim(string name, string storageClass = "late", string volume = "", string annotations = "{}", string mode = "ReadWriteOnce") => world.Volumes.Add<V1PersistentVolumeClaim>($$"""
        {"metadata":{"name":"{{name}}","namespace":"n","uid":"{{name}}","annotations":{{(volume.Length > 0 ? """{"pv.kubernetes.io/bind-completed":"yes"}""" : annotations)}} },
         "spec":{"storageClassName":"{{storageClass}}","volumeName":"{{volume}}","accessModes":["{{mode}}"],"resources":{"requests":{"storage":"1Gi"} } } }
        """);

    private void Volume(string name, string zone, string phase, string storageClass = "late") => world.Volumes.Add<V1PersistentVolume>($$"""
        {"metadata":{"name":"{{name}}"},"status":{"phase":"{{phase}}"},
         "spec":{"storageClassName":"{{storageClass}}","accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"},
         "nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"zone","operator":"In","values":["{{zone}}"]}]}]} } } }
        """);
}
