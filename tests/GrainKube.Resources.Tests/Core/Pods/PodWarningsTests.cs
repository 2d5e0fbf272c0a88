using Xunit;

namespace GrainKube.Resources.Tests.Core.Pods;

public sealed class PodWarningsTests
{
    public static TheoryData<string, string[]> Pods => new()
    {
        {
            """
            "spec":{"containers":[{"name":"c","image":"i","ports":[{"containerPort":80}],"env":[{"name":"A","value":"1"},{"name":"B","value":"2"}]}]}
            """,
            []
        },
        {
            """
            "spec":{"nodeSelector":{"beta.kubernetes.io/os":"linux"},"containers":[{"name":"c","image":"i"}],
            "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"failure-domain.beta.kubernetes.io/zone","operator":"Exists"}]}]}},
            "podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":1,"podAffinityTerm":{"topologyKey":"kubernetes.io/hostname"}}]}},
            "topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"failure-domain.beta.kubernetes.io/region","whenUnsatisfiable":"DoNotSchedule"}]}
            """,
            [
                "spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use \"kubernetes.io/os\" instead",
                "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].key: failure-domain.beta.kubernetes.io/zone is deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
                "spec.topologySpreadConstraints[0].topologyKey: failure-domain.beta.kubernetes.io/region is deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
                "spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod",
                "spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector: a null labelSelector results in matching no pod",
            ]
        },
        {
            """
            "spec":{"serviceAccountName":"a","volumes":[{"name":"a","gitRepo":{"repository":"r"}},{"name":"b","glusterfs":{"endpoints":"e","path":"p"}},{"name":"c","configMap":{"name":"m","items":[{"key":"k","path":"x"},{"key":"l","path":"x/y"}]}},
            {"name":"d","projected":{"sources":[{"serviceAccountToken":{"path":"t"}},{"secret":{"name":"s","items":[{"key":"k","path":"t/u"}]}}]}}],"containers":[{"name":"c","image":"i"}]}
            """,
            [
                "spec.volumes[0].gitRepo: deprecated in v1.11",
                "spec.volumes[1].glusterfs: deprecated in v1.25, non-functional in v1.26+",
                "volume \"c\" (ConfigMap \"m\"): overlapping paths: \"x/y\" with \"x\"",
                "volume \"d\" (Projected Secret \"s\"): overlapping paths: \"t/u\" with \"t\"",
            ]
        },
        {
            """
            "spec":{"hostAliases":[{"ip":"1.2.3.4","hostnames":["a"]},{"ip":"1.2.3.4","hostnames":["b"]}],"imagePullSecrets":[{"name":"s"},{"name":""}],
            "containers":[{"name":"c","image":"i","resources":{"requests":{"memory":"100m"}},"env":[{"name":"A","value":"1"},{"name":"A","value":"2"},{"name":"A","value":"$(A)3"}],
            "ports":[{"containerPort":80,"name":"a"},{"containerPort":80,"name":"b"},{"containerPort":80,"name":"c","hostPort":80,"hostIP":"1.2.3.4"}]}]}
            """,
            [
                "spec.hostAliases[1].ip: duplicate ip \"1.2.3.4\"",
                "spec.imagePullSecrets[1].name: invalid empty name \"\"",
                "spec.containers[0].resources.requests[memory]: fractional byte value \"100m\" is invalid, must be an integer",
                "spec.containers[0].env[1]: hides previous definition of \"A\", which may be dropped when using apply",
                "spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]",
                "spec.containers[0].ports[2]: overlapping port definition with spec.containers[0].ports[0]",
                "spec.containers[0].ports[2]: overlapping port definition with spec.containers[0].ports[1]",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Pods))]
    public void What_will_hardly_do_as_meant_is_said(string spec, string[] warnings) =>
        Assert.Equal(warnings, Written.Warnings("pods", $$$"""{"metadata":{"name":"p"},{{{spec}}}}"""));

    [Fact]
    public void A_name_of_several_labels_is_told_once()
    {
        Assert.Equal(
            ["metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]"],
            Written.Warnings("pods", """{"metadata":{"name":"a.b"},"spec":{"containers":[{"name":"c","image":"i"}]}}"""));
        Assert.Empty(Written.WarningsOfChange("pods", """{"metadata":{"name":"a.b"},"spec":{"containers":[{"name":"c","image":"i"}]}}""", """{"metadata":{"name":"a.b","labels":{"a":"b"}}}"""));
    }

    [Fact]
    public void A_template_is_told_of_when_its_owner_changes_and_not_when_it_is_labelled()
    {
        const string template = """{"metadata":{"labels":{"a":"b"},"annotations":{"container.apparmor.security.beta.kubernetes.io/c":"unconfined"}},"spec":{"containers":[{"name":"c","image":"i"}]}}""";
        const string deployment = $$$"""{"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{{{template}}}}}""";
        string[] warning = ["spec.template.metadata.annotations[container.apparmor.security.beta.kubernetes.io/c]: deprecated since v1.30; use the \"appArmorProfile\" field instead"];
        Assert.Equal(warning, Written.Warnings("deployments.apps", deployment));
        Assert.Equal(warning, Written.WarningsOfChange("deployments.apps", deployment, $$$"""{"spec":{"replicas":3,"selector":{"matchLabels":{"a":"b"}},"template":{{{template}}}}}"""));
        Assert.Empty(Written.WarningsOfChange("deployments.apps", deployment, """{"metadata":{"name":"d","labels":{"x":"y"}}}"""));
    }
}
