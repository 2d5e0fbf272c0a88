using Xunit;

namespace GrainKube.Resources.Tests;

/// <summary>Upstream defaults what is absent; an empty text where it keeps a pointer is a value, and a wrong one.</summary>
public sealed class EmptyChoicesTests
{
    [Theory]
    [InlineData("storageclasses.storage.k8s.io", """{"metadata":{"name":"a"},"provisioner":"example.com/p","volumeBindingMode":""}""", "volumeBindingMode: Unsupported value: \"\"")]
    [InlineData("priorityclasses.scheduling.k8s.io", """{"metadata":{"name":"a"},"value":1,"preemptionPolicy":""}""", "preemptionPolicy: Required value")]
    [InlineData("csidrivers.storage.k8s.io", """{"metadata":{"name":"a"},"spec":{"fsGroupPolicy":""}}""", "spec.fsGroupPolicy: Unsupported value: \"\"")]
    [InlineData("networkpolicies.networking.k8s.io", """{"metadata":{"name":"a"},"spec":{"podSelector":{},"ingress":[{"ports":[{"protocol":""}]}]}}""", "spec.ingress[0].ports[0].protocol: Unsupported value: \"\"")]
    [InlineData("endpointslices.discovery.k8s.io", """{"metadata":{"name":"a"},"addressType":"IPv4","endpoints":[],"ports":[{"protocol":"","port":80}]}""", "ports[0].protocol: Unsupported value: \"\"")]
    [InlineData("persistentvolumeclaims", """{"metadata":{"name":"a"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}},"volumeMode":""}}""", "spec.volumeMode: Unsupported value: \"\"")]
    [InlineData("certificatesigningrequests.certificates.k8s.io", """{"metadata":{"name":"a"},"spec":{"request":"","signerName":"example.com/s","usages":["flying"]}}""", "spec.usages[0]: Unsupported value: \"flying\"")]
    [InlineData("certificatesigningrequests.certificates.k8s.io", """{"metadata":{"name":"node-csr-Ab_-9"},"spec":{"request":"","signerName":"example.com/s"}}""", "spec.usages: Required value: usages must be provided")]
    [InlineData("customresourcedefinitions.apiextensions.k8s.io", """{"metadata":{"name":"a"},"spec":{"conversion":{}}}""", "spec.conversion.strategy: Required value")]
    [InlineData(
        "validatingwebhookconfigurations.admissionregistration.k8s.io",
        """{"metadata":{"name":"a"},"webhooks":[{"name":"a.b.c","clientConfig":{"url":"https://h/"},"sideEffects":"None","admissionReviewVersions":["v1"],"failurePolicy":""}]}""",
        "webhooks[0].failurePolicy: Unsupported value: \"\"")]
    public void An_empty_choice_is_not_defaulted(string resource, string json, string error) =>
        Assert.Contains(Written.Create(resource, json).Errors, found => found.StartsWith(error, StringComparison.Ordinal));
}
