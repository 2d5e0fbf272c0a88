using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Errors;
using Xunit;
using Plugin = GrainKube.ApiServer.Admission.NamespaceLifecycle.NamespaceLifecycle;

namespace GrainKube.ApiServer.Tests.Admission.NamespaceLifecycle;

public sealed class NamespaceLifecycleTests
{
    private readonly FakeObjects objects = new FakeObjects().AddNamespace("web").AddNamespace("ending", """{"status":{"phase":"Terminating"}}""");

    private Plugin Lifecycle => new(objects);

    [Fact]
    public async Task A_missing_namespace_is_not_found()
    {
        var status = await Asking.Create("configmaps", "nons", "a").RefusedByAsync(Lifecycle);
        Assert.Equal((404, "NotFound", "namespaces \"nons\" not found", "nons", "namespaces"), (status.Code, status.Reason, status.Message, status.Name, status.Kind));
    }

    [Fact]
    public async Task Nothing_new_is_made_in_a_namespace_that_ends()
    {
        var status = await Asking.Create("configmaps", "ending", "a").RefusedByAsync(Lifecycle);
        Assert.Equal(403, status.Code);
        Assert.Equal("configmaps \"a\" is forbidden: unable to create new content in namespace ending because it is being terminated", status.Message);
        Assert.Equal([new StatusCause("NamespaceTerminating", "namespace ending is being terminated", "metadata.namespace")], status.Causes);
    }

    [Theory]
    [InlineData("web", AdmissionOperation.Create)]
    [InlineData("ending", AdmissionOperation.Update)]
    [InlineData("ending", AdmissionOperation.Delete)]
    [InlineData("nons", AdmissionOperation.Delete)]
    public async Task The_rest_passes(string ns, AdmissionOperation operation) => await Asking.Create("configmaps", ns, "a", operation: operation).ThroughAsync(Lifecycle);

    [Theory]
    [InlineData("default")]
    [InlineData("kube-system")]
    [InlineData("kube-public")]
    public async Task The_namespaces_the_cluster_lives_on_stay(string name)
    {
        var status = await Asking.Create("namespaces", "", name, operation: AdmissionOperation.Delete).RefusedByAsync(Lifecycle);
        Assert.Equal((403, $"namespaces \"{name}\" is forbidden: this namespace may not be deleted"), (status.Code, status.Message));
        await Asking.Create("namespaces", "", "web", operation: AdmissionOperation.Delete).ThroughAsync(Lifecycle);
    }
}
