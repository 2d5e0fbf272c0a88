using GrainKube.ApiServer.Admission.Ingresses;
using Xunit;

namespace GrainKube.ApiServer.Tests.Admission.Ingresses;

public sealed class DefaultIngressClassTests
{
    private const string Marked = """{"metadata":{"annotations":{"ingressclass.kubernetes.io/is-default-class":"true"} } }""";

    private readonly DefaultIngressClass plugin = new(new FakeObjects()
        .Add("networking.k8s.io", "ingressclasses", "", "other")
        .Add("networking.k8s.io", "ingressclasses", "", "preset", Marked));

    [Fact]
    public async Task An_ingress_without_a_class_gets_the_default_one() =>
        Assert.Equal("preset", (string?)(await Ask("""{"spec":{"rules":[] } }""").ThroughAsync(plugin))["spec"]!["ingressClassName"]);

    [Theory]
    [InlineData("""{"spec":{"ingressClassName":"other"} }""", "other")]
    [InlineData("""{"metadata":{"annotations":{"kubernetes.io/ingress.class":"old"} },"spec":{} }""", null)]
    public async Task One_that_names_a_class_keeps_it(string json, string? kept) => Assert.Equal(kept, (string?)(await Ask(json).ThroughAsync(plugin))["spec"]!["ingressClassName"]);

    private static ApiMachinery.Admission.AdmissionRequest Ask(string json) => Asking.Create("ingresses", "web", "site", json, "networking.k8s.io");
}
