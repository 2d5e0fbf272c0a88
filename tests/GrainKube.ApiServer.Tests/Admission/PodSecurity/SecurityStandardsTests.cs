using System.Text.Json.Nodes;
using GrainKube.ApiServer.Admission.PodSecurity;
using Xunit;

namespace GrainKube.ApiServer.Tests.Admission.PodSecurity;

public sealed class SecurityStandardsTests
{
    private const string Good = """
        {"securityContext":{"runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"}},
         "containers":[{"name":"c","securityContext":{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]}}}]}
        """;

    [Fact]
    public void A_pod_that_says_nothing_is_fit_for_baseline_and_breaks_four_rules_of_restricted()
    {
        const string pod = """{"containers":[{"name":"c"}]}""";
        Assert.Equal("", Wrong(SecurityLevel.Baseline, pod));
        Assert.Equal(
            "allowPrivilegeEscalation != false (container \"c\" must set securityContext.allowPrivilegeEscalation=false), "
                + "unrestricted capabilities (container \"c\" must set securityContext.capabilities.drop=[\"ALL\"]), "
                + "runAsNonRoot != true (pod or container \"c\" must set securityContext.runAsNonRoot=true), "
                + "seccompProfile (pod or container \"c\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")",
            Wrong(SecurityLevel.Restricted, pod));
        Assert.Equal("", Wrong(SecurityLevel.Restricted, Good));
        Assert.Equal("", Wrong(SecurityLevel.Privileged, """{"hostNetwork":true}"""));
    }

    [Theory]
    [InlineData("""{"hostNetwork":true,"hostIPC":true}""", "host namespaces (hostNetwork=true, hostIPC=true)")]
    [InlineData("""{"volumes":[{"name":"a","hostPath":{"path":"/"}},{"name":"b","hostPath":{"path":"/"}}]}""", "hostPath volumes (volumes \"a\", \"b\")")]
    [InlineData("""{"containers":[{"name":"c","ports":[{"hostPort":80},{"hostPort":443},{"containerPort":1}]}]}""", "hostPort (container \"c\" uses hostPorts 443, 80)")]
    [InlineData("""{"containers":[{"name":"b","securityContext":{"privileged":true}}],"initContainers":[{"name":"a","securityContext":{"privileged":true}}]}""", "privileged (containers \"a\", \"b\" must not set securityContext.privileged=true)")]
    [InlineData("""{"ephemeralContainers":[{"name":"c","securityContext":{"capabilities":{"add":["NET_RAW","SYS_TIME","CHOWN"]}}}]}""", "non-default capabilities (container \"c\" must not include \"NET_RAW\", \"SYS_TIME\" in securityContext.capabilities.add)")]
    [InlineData("""{"securityContext":{"appArmorProfile":{"type":"Unconfined"}}}""", "forbidden AppArmor profile (pod must not set AppArmor profile type to \"Unconfined\")")]
    [InlineData("""{"securityContext":{"seccompProfile":{"type":"Unconfined"}},"containers":[{"name":"c","securityContext":{"seccompProfile":{"type":"Unconfined"}}}]}""", "seccompProfile (pod and container \"c\" must not set securityContext.seccompProfile.type to \"Unconfined\")")]
    [InlineData("""{"securityContext":{"seLinuxOptions":{"type":"spc_t","user":"u"}}}""", "seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type \"spc_t\"; user may not be set)")]
    [InlineData("""{"securityContext":{"sysctls":[{"name":"kernel.msgmax"},{"name":"net.ipv4.tcp_notsent_lowat"}]}}""", "forbidden sysctls (kernel.msgmax)")]
    [InlineData("""{"containers":[{"name":"c","securityContext":{"procMount":"Unmasked"}}]}""", "procMount (container \"c\" must not set securityContext.procMount to \"Unmasked\")")]
    [InlineData("""{"hostUsers":false,"containers":[{"name":"c","securityContext":{"procMount":"Unmasked"}}]}""", "")]
    [InlineData("""{"securityContext":{"windowsOptions":{"hostProcess":true}}}""", "hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)")]
    [InlineData("""{"containers":[{"name":"c","livenessProbe":{"httpGet":{"host":"10.0.0.1"}},"lifecycle":{"preStop":{"tcpSocket":{"host":"10.0.0.2"}}}}]}""", "probe or lifecycle host (container \"c\" uses probe or lifecycle hosts \"10.0.0.1\", \"10.0.0.2\")")]
    public void Baseline_says_what_is_wrong_in_upstreams_words(string pod, string expected) => Assert.Equal(expected, Wrong(SecurityLevel.Baseline, pod));

    [Theory]
    [InlineData("""{"securityContext":{"runAsUser":0}}""", "runAsUser=0 (pod must not set runAsUser=0)")]
    [InlineData("""{"volumes":[{"name":"a","nfs":{}},{"name":"h","hostPath":{}},{"name":"s","secret":{}}]}""", "restricted volume types (volumes \"a\", \"h\" use restricted volume types \"hostPath\", \"nfs\")")]
    [InlineData("""{"securityContext":{"runAsNonRoot":false}}""", "runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)")]
    [InlineData("""{"containers":[{"name":"c","securityContext":{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"],"add":["CHOWN"]}}}]}""", "unrestricted capabilities (container \"c\" must not include \"CHOWN\" in securityContext.capabilities.add)")]
    public void Restricted_adds_its_own(string change, string expected)
    {
        var pod = JsonNode.Parse(Good)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject().ToList())
        {
            if (pod[name] is JsonObject known && value is JsonObject more)
            {
                more.ToList().ForEach(field => known[field.Key] = field.Value?.DeepClone());
            }
            else
            {
                pod[name] = value?.DeepClone();
            }
        }

        Assert.Equal(expected, Wrong(SecurityLevel.Restricted, pod.ToJsonString()));
    }

    [Fact]
    public void A_level_means_what_it_meant_in_its_release()
    {
        const string pod = """{"securityContext":{"runAsUser":0,"runAsNonRoot":true,"sysctls":[{"name":"net.ipv4.tcp_rmem"}]},"containers":[{"name":"c","securityContext":{"allowPrivilegeEscalation":false}}]}""";
        Assert.Equal("forbidden sysctls (net.ipv4.tcp_rmem)", Wrong(SecurityLevel.Restricted, pod, 10));
        Assert.Contains("runAsUser=0", Wrong(SecurityLevel.Restricted, pod, 23), StringComparison.Ordinal);
        Assert.Equal("", Wrong(SecurityLevel.Baseline, pod, 32));
        Assert.Equal("", Wrong(SecurityLevel.Baseline, pod, 999));
        Assert.Equal("forbidden sysctls (net.ipv4.tcp_rmem)", Wrong(SecurityLevel.Baseline, pod, 31));
    }

    [Fact]
    public void A_windows_pod_need_not_say_what_windows_does_not_know()
    {
        const string pod = """{"os":{"name":"windows"},"securityContext":{"runAsNonRoot":true},"containers":[{"name":"c"}]}""";
        Assert.Equal("", Wrong(SecurityLevel.Restricted, pod));
        Assert.NotEqual("", Wrong(SecurityLevel.Restricted, pod, 24));
    }

    [Fact]
    public void Old_annotations_are_looked_at_too()
    {
        var pod = new CheckedPod(
            JsonNode.Parse("""{"annotations":{"container.apparmor.security.beta.kubernetes.io/c":"unconfined","seccomp.security.alpha.kubernetes.io/pod":"unconfined"}}""")!.AsObject(),
            JsonNode.Parse("""{"containers":[{"name":"c"}]}""")!.AsObject());
        Assert.Equal(
            "forbidden AppArmor profile (annotation must not set AppArmor profile type to \"container.apparmor.security.beta.kubernetes.io/c=\"unconfined\"\")",
            SecurityStandards.Describe(SecurityStandards.Violations(new LevelVersion(SecurityLevel.Baseline, LevelVersion.Latest), pod)));
        Assert.Contains(
            "seccompProfile (forbidden annotation seccomp.security.alpha.kubernetes.io/pod=\"unconfined\")",
            SecurityStandards.Describe(SecurityStandards.Violations(new LevelVersion(SecurityLevel.Baseline, 18), pod)),
            StringComparison.Ordinal);
    }

    private static string Wrong(SecurityLevel level, string spec, int minor = LevelVersion.Latest) =>
        SecurityStandards.Describe(SecurityStandards.Violations(new LevelVersion(level, minor), new CheckedPod(null, JsonNode.Parse(spec)!.AsObject())));
}
