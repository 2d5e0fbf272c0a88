using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiServer.Admission.PodSecurity;
using Microsoft.Extensions.Options;
using Xunit;
using Plugin = GrainKube.ApiServer.Admission.PodSecurity.PodSecurity;

namespace GrainKube.ApiServer.Tests.Admission.PodSecurity;

public sealed class PodSecurityTests
{
    private const string Privileged = """{"containers":[{"name":"c","image":"a","securityContext":{"privileged":true}}]}""";
    private readonly FakeObjects objects = new();
    private readonly PodSecurityOptions options = new();

    [Fact]
    public async Task A_pod_that_breaks_what_is_enforced_is_refused()
    {
        Namespace(("enforce", "baseline"));
        var refused = await Asking.Pod(Privileged).RefusedByAsync(Make());
        Assert.Equal(
            (403, "Forbidden", "pods \"web-0\" is forbidden: violates PodSecurity \"baseline:latest\": privileged (container \"c\" must not set securityContext.privileged=true)"),
            (refused.Code, refused.Reason, refused.Message));
        await Asking.Pod("""{"containers":[{"name":"c"}]}""").ValidatedByAsync(Make());
    }

    [Fact]
    public async Task A_namespace_that_says_nothing_allows_everything()
    {
        Namespace();
        var pod = Asking.Pod(Privileged);
        await pod.ValidatedByAsync(Make());
        Assert.Empty(pod.Warnings);
    }

    [Fact]
    public async Task A_workload_is_warned_of_what_is_enforced_and_not_refused()
    {
        Namespace(("enforce", "baseline"), ("enforce-version", "v1.30"));
        var deployment = Asking.Create("deployments", "web", "d", $$"""{"spec":{"template":{"spec":{{Privileged}}} } }""", "apps");
        await deployment.ValidatedByAsync(Make());
        Assert.Equal(["would violate PodSecurity \"baseline:v1.30\": privileged (container \"c\" must not set securityContext.privileged=true)"], deployment.Warnings);
        var cron = Asking.Create("cronjobs", "web", "d", $$"""{"spec":{"jobTemplate":{"spec":{"template":{"spec":{{Privileged}}} } } } }""", "batch");
        await cron.ValidatedByAsync(Make());
        Assert.Single(cron.Warnings);
    }

    [Fact]
    public async Task What_is_only_audited_is_noted_and_said_to_nobody()
    {
        Namespace(("audit", "baseline"));
        var pod = Asking.Pod(Privileged);
        await pod.ValidatedByAsync(Make());
        Assert.Empty(pod.Warnings);
        Assert.Equal(
            "would violate PodSecurity \"baseline:latest\": privileged (container \"c\" must not set securityContext.privileged=true)",
            pod.AuditAnnotations["pod-security.kubernetes.io/audit-violations"]);
        Assert.Equal("privileged:latest", pod.AuditAnnotations["pod-security.kubernetes.io/enforce-policy"]);
    }

    [Fact]
    public async Task A_pod_that_is_there_may_change_in_what_is_no_matter_of_security()
    {
        Namespace(("enforce", "baseline"));
        await Update(Privileged, Privileged).ValidatedByAsync(Make());
        await Update(Privileged.Replace("\"a\"", "\"b\"", StringComparison.Ordinal), Privileged).RefusedByAsync(Make());
        await Update(Privileged[..^1] + ""","ephemeralContainers":[{"name":"d","image":"a"}]}""", Privileged).RefusedByAsync(Make());
    }

    [Theory]
    [InlineData("namespace")]
    [InlineData("user")]
    [InlineData("runtimeClass")]
    public async Task Who_is_exempt_is_not_checked(string reason)
    {
        Namespace(("enforce", "baseline"));
        options.ExemptNamespaces = reason == "namespace" ? ["web"] : [];
        options.ExemptUsernames = reason == "user" ? ["jane"] : [];
        options.ExemptRuntimeClasses = reason == "runtimeClass" ? ["vm"] : [];
        var pod = Asking.Pod(Privileged[..^1] + ""","runtimeClassName":"vm"}""");
        await pod.ValidatedByAsync(Make());
        Assert.Equal(reason, pod.AuditAnnotations["pod-security.kubernetes.io/exempt"]);
    }

    [Fact]
    public async Task A_namespace_must_name_levels_and_versions_that_there_are()
    {
        var refused = await Labelled("""{"enforce":"baselin","warn-version":"1.2"}""", null).RefusedByAsync(Make());
        Assert.Equal((422, "Invalid"), (refused.Code, refused.Reason));
        Assert.Equal(
            "Namespace \"web\" is invalid: [metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: \"baselin\": must be one of privileged, baseline, restricted, "
                + "metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: \"1.2\": must be \"latest\" or \"v1.x\"]",
            refused.Message);
        await Labelled("""{"enforce":"wrong"}""", """{"enforce":"wrong"}""").ValidatedByAsync(Make());
    }

    [Fact]
    public async Task Whoever_sharpens_a_namespace_hears_of_the_pods_that_break_it()
    {
        Pod("b", """{"controller":true,"uid":"x"}""");
        Pod("a", """{"controller":true,"uid":"x"}""");
        Pod("d", "", """{"hostNetwork":true}""");
        Pod("e", "", """{"containers":[]}""");
        var request = Labelled("""{"enforce":"baseline"}""", "{}");
        await request.ValidatedByAsync(Make());
        Assert.Equal(
            [
                "existing pods in namespace \"web\" violate the new PodSecurity enforce level \"baseline:latest\"",
                "a (and 1 other pod): privileged",
                "d: host namespaces",
            ],
            request.Warnings);
        var relaxed = Labelled("""{"enforce":"baseline"}""", """{"enforce":"restricted"}""");
        await relaxed.ValidatedByAsync(Make());
        Assert.Empty(relaxed.Warnings);
    }

    private void Pod(string name, string owner, string spec = Privileged) =>
        objects.Add("", "pods", "web", name, $$"""{"metadata":{"ownerReferences":[{{owner}}]},"spec":{{spec}} }""");

    private void Namespace(params (string Label, string Value)[] labels) =>
        objects.Add("", "namespaces", "", "web", labels: labels.ToDictionary(l => $"pod-security.kubernetes.io/{l.Label}", l => l.Value));

    private static AdmissionRequest Update(string spec, string before) => Asking.Create(
        "pods", "web", "p", $$"""{"metadata":{},"spec":{{spec}} }""", operation: AdmissionOperation.Update, current: $$"""{"metadata":{},"spec":{{before}} }""");

    private static AdmissionRequest Labelled(string labels, string? before)
    {
        static string Json(string labels) => $$"""{"metadata":{"labels":{{labels.Replace("{\"", "{\"pod-security.kubernetes.io/", StringComparison.Ordinal).Replace(",\"", ",\"pod-security.kubernetes.io/", StringComparison.Ordinal)}} } }""";
        return Asking.Create(
            "namespaces", "", "web", Json(labels), operation: before is null ? AdmissionOperation.Create : AdmissionOperation.Update, current: before is null ? null : Json(before));
    }

    private Plugin Make() => new(objects, Options.Create(options));
}
