using System.Text.Json.Nodes;
using GrainKube.ApiServer.Admission.ServiceAccounts;
using Xunit;

namespace GrainKube.ApiServer.Tests.Admission.ServiceAccounts;

public sealed class ServiceAccountAdmissionTests
{
    private const string OneContainer = """{"containers":[{"name":"a"}]}""";
    private readonly FakeObjects objects = new FakeObjects().AddAccount("web", "default");

    private ServiceAccountAdmission Plugin => new(objects);

    [Fact]
    public async Task A_pod_gets_the_default_account_and_its_token()
    {
        var pod = await Asking.Pod("""{"initContainers":[{"name":"i"}],"containers":[{"name":"a"}]}""").ThroughAsync(Plugin);
        var spec = pod["spec"]!;
        Assert.Equal("default", (string?)spec["serviceAccountName"]);
        Assert.Equal("default", (string?)spec["serviceAccount"]);
        var volume = spec["volumes"]!.AsArray().Single()!;
        var name = (string)volume["name"]!;
        Assert.Matches("^kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}$", name);
        Assert.Equal(
            """{"sources":[{"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}},{"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]}},{"downwardAPI":{"items":[{"path":"namespace","fieldRef":{"apiVersion":"v1","fieldPath":"metadata.namespace"}}]}}],"defaultMode":420}""",
            volume["projected"]!.ToJsonString());
        var mount = $$"""[{"name":"{{name}}","readOnly":true,"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}]""";
        Assert.Equal(mount, spec["containers"]![0]!["volumeMounts"]!.ToJsonString());
        Assert.Equal(mount, spec["initContainers"]![0]!["volumeMounts"]!.ToJsonString());
    }

    [Fact]
    public async Task A_missing_account_is_upstreams_403()
    {
        var status = await Asking.Pod("""{"serviceAccountName":"nope","containers":[{"name":"a"}]}""", "a").RefusedByAsync(Plugin);
        Assert.Equal((403, "Forbidden", "a"), (status.Code, status.Reason, status.Name));
        Assert.Equal("pods \"a\" is forbidden: error looking up service account web/nope: serviceaccount \"nope\" not found", status.Message);
    }

    [Fact]
    public async Task A_drawn_name_is_not_shown()
    {
        var status = await Asking.Pod("""{"serviceAccountName":"nope"}""", "web-6c9f-x2x4z", """{"generateName":"web-6c9f-"}""").RefusedByAsync(Plugin);
        Assert.StartsWith("pods \"web-6c9f-\" is forbidden: ", status.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"automountServiceAccountToken":false}""", "{}", false)]
    [InlineData("""{"automountServiceAccountToken":false}""", """{"automountServiceAccountToken":true}""", true)]
    [InlineData("{}", """{"automountServiceAccountToken":false}""", false)]
    public async Task The_token_is_mounted_as_pod_and_account_say(string account, string pod, bool mounted)
    {
        objects.AddAccount("web", "default", account);
        var spec = JsonNode.Parse(pod)!.AsObject();
        spec["containers"] = JsonNode.Parse("""[{"name":"a"}]""");
        var made = await Asking.Pod(spec.ToJsonString()).ThroughAsync(Plugin);
        Assert.Equal(mounted, made["spec"]!["volumes"] is not null);
    }

    [Fact]
    public async Task A_container_with_its_own_mount_there_keeps_it()
    {
        var pod = await Asking.Pod("""{"containers":[{"name":"a","volumeMounts":[{"name":"mine","mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}]}]}""").ThroughAsync(Plugin);
        Assert.Null(pod["spec"]!["volumes"]);
        Assert.Single(pod["spec"]!["containers"]![0]!["volumeMounts"]!.AsArray());
    }

    [Fact]
    public async Task A_token_volume_that_is_there_is_used()
    {
        var pod = await Asking.Pod("""{"volumes":[{"name":"kube-api-access-abcde"}],"containers":[{"name":"a"}]}""").ThroughAsync(Plugin);
        Assert.Single(pod["spec"]!["volumes"]!.AsArray());
        Assert.Equal("kube-api-access-abcde", (string?)pod["spec"]!["containers"]![0]!["volumeMounts"]![0]!["name"]);
    }

    [Fact]
    public async Task The_accounts_pull_secrets_are_taken_unless_the_pod_has_its_own()
    {
        objects.AddAccount("web", "default", """{"imagePullSecrets":[{"name":"s1"}]}""");
        Assert.Equal("""[{"name":"s1"}]""", (await Asking.Pod(OneContainer).ThroughAsync(Plugin))["spec"]!["imagePullSecrets"]!.ToJsonString());
        Assert.Equal("""[{"name":"x"}]""", (await Asking.Pod("""{"imagePullSecrets":[{"name":"x"}]}""").ThroughAsync(Plugin))["spec"]!["imagePullSecrets"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"serviceAccountName":"default"}""", "a mirror pod may not reference service accounts")]
    [InlineData("""{"volumes":[{"name":"s","secret":{"secretName":"s"}}]}""", "a mirror pod may not reference secrets")]
    [InlineData("""{"containers":[{"envFrom":[{"secretRef":{"name":"s"}}]}]}""", "a mirror pod may not reference secrets")]
    [InlineData("""{"volumes":[{"name":"s","projected":{"sources":[{"serviceAccountToken":{}}]}}]}""", "a mirror pod may not use ServiceAccountToken volume projections")]
    public async Task A_mirror_pod_reaches_for_nothing(string spec, string message)
    {
        var status = await Asking.Pod(spec, "a", """{"annotations":{"kubernetes.io/config.mirror":"x"}}""").RefusedByAsync(Plugin);
        Assert.Equal($"pods \"a\" is forbidden: {message}", status.Message);
    }
}
