using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiServer.Admission.Storage;
using Xunit;

namespace GrainKube.ApiServer.Tests.Admission.Storage;

public sealed class StorageAdmissionTests
{
    private const string Marked = """{"metadata":{"name":"NAME","creationTimestamp":"2026-01-01T00:00:0NZ","annotations":{"storageclass.kubernetes.io/is-default-class":"true"}},"provisioner":"p","allowVolumeExpansion":true}""";

    private readonly FakeObjects objects = new FakeObjects()
        .Add("storage.k8s.io", "storageclasses", "", "old", Marked.Replace("NAME", "old", StringComparison.Ordinal).Replace("0N", "01", StringComparison.Ordinal))
        .Add("storage.k8s.io", "storageclasses", "", "young", Marked.Replace("NAME", "young", StringComparison.Ordinal).Replace("0N", "02", StringComparison.Ordinal))
        .Add("storage.k8s.io", "storageclasses", "", "fixed", """{"metadata":{"name":"fixed"},"provisioner":"p"}""");

    [Theory]
    [InlineData("{}", "young")]
    [InlineData("""{"storageClassName":""}""", "")]
    [InlineData("""{"storageClassName":"fixed"}""", "fixed")]
    public async Task A_claim_that_names_no_class_gets_the_youngest_default(string spec, string name)
    {
        var claim = await Asking.Create("persistentvolumeclaims", "web", "data", $$"""{"spec":{{spec}}}""").ThroughAsync(new DefaultStorageClass(objects));
        Assert.Equal(name, (string?)claim["spec"]!["storageClassName"]);
    }

    [Theory]
    [InlineData("persistentvolumeclaims", "kubernetes.io/pvc-protection")]
    [InlineData("persistentvolumes", "kubernetes.io/pv-protection")]
    public async Task What_may_be_in_use_is_protected(string resource, string finalizer)
    {
        var item = await Asking.Create(resource, "", "data", """{"metadata":{"finalizers":["mine"]}}""").ThroughAsync(new StorageObjectInUseProtection());
        Assert.Equal($"[\"mine\",\"{finalizer}\"]", item["metadata"]!["finalizers"]!.ToJsonString());
    }

    [Fact]
    public async Task A_claim_grows_only_where_its_class_allows_it()
    {
        var plugin = new PersistentVolumeClaimResize(objects);
        await Resize("young", "Bound").ValidatedByAsync(plugin);
        Assert.Equal(
            "persistentvolumeclaims \"data\" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
            (await Resize("fixed", "Bound").RefusedByAsync(plugin)).Message);
        Assert.Equal(403, (await Resize("young", "Pending").RefusedByAsync(plugin)).Code);
    }

    private static AdmissionRequest Resize(string storageClass, string phase) => Asking.Create(
        "persistentvolumeclaims", "web", "data", Claim(storageClass, "2Gi", phase), operation: AdmissionOperation.Update, current: Claim(storageClass, "1Gi", phase));

    private static string Claim(string storageClass, string size, string phase) =>
        $$"""{"spec":{"storageClassName":"{{storageClass}}","resources":{"requests":{"storage":"{{size}}"} } },"status":{"phase":"{{phase}}"} }""";
}
