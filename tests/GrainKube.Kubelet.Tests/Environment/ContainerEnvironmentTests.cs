using GrainKube.Kubelet.Environment;
using GrainKube.Kubelet.Tests.Agent;

namespace GrainKube.Kubelet.Tests.Environment;

public sealed class ContainerEnvironmentTests
{
    [Theory]
    [InlineData("$(A)", "1")]
    [InlineData("x$(A)y$(B)", "x1y2")]
    [InlineData("$$(A)", "$(A)")]
    [InlineData("$(NONE)", "$(NONE)")]
    [InlineData("$A $( $", "$A $( $")]
    [InlineData("plain", "plain")]
    public void Variables_are_expanded(string text, string expected) =>
        Assert.Equal(expected, Expansion.Expand(text, new Dictionary<string, string> { ["A"] = "1", ["B"] = "2" }));

    [Fact]
    public void A_file_of_variables_has_its_values_in_single_quotes()
    {
        var read = EnvironmentFile.Parse("# comment\n\nA='1'\n B = 'x y' # why\nC='one\ntwo $A \"'\n", "e");
        Assert.Equal([("A", "1"), ("B", "x y"), ("C", "one\ntwo $A \"")], read.Select(v => (v.Key, v.Value)));
    }

    [Theory]
    [InlineData("A='1'\nB=2\n", "couldn't parse environment variable file \"e\": line 2 has a value that is not in single quotes")]
    [InlineData("A='1''2'\n", "couldn't parse environment variable file \"e\": line 1 goes on after the value")]
    [InlineData("A='1\n", "couldn't parse environment variable file \"e\": line 1 has a quote that does not end")]
    [InlineData("hello", "couldn't parse environment variable file \"e\": line 1 is not NAME='value'")]
    public void Anything_else_in_it_is_an_error(string text, string message) =>
        Assert.Equal(message, Assert.Throws<ConfigException>(() => EnvironmentFile.Parse(text, "e")).Message);

    [Fact]
    public async Task All_sources_are_resolved()
    {
        await using var node = new TestNode();
        node.Put("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","namespace":"default"},"data":{"k":"map","all":"m"}}""");
        node.Put("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"default"},"data":{"k":"c2VjcmV0"}}""");
        var pod = await node.PodAsync("""
            {"serviceAccountName":"robot","containers":[{"name":"web","image":"nginx","resources":{"requests":{"cpu":"250m"},"limits":{"memory":"64Mi"}},
             "envFrom":[{"prefix":"P_","configMapRef":{"name":"c"}},{"secretRef":{"name":"none","optional":true}}],
             "env":[
              {"name":"PLAIN","value":"v"},
              {"name":"EXPANDED","value":"$(PLAIN)-$(P_k)-$(LATER)"},
              {"name":"LATER","value":"l"},
              {"name":"MAP","valueFrom":{"configMapKeyRef":{"name":"c","key":"k"}}},
              {"name":"SECRET","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}},
              {"name":"OPTIONAL","valueFrom":{"secretKeyRef":{"name":"s","key":"no","optional":true}}},
              {"name":"NAME","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}},
              {"name":"LABEL","valueFrom":{"fieldRef":{"fieldPath":"metadata.labels['app']"}}},
              {"name":"IP","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}},
              {"name":"HOST","valueFrom":{"fieldRef":{"fieldPath":"status.hostIP"}}},
              {"name":"NODE","valueFrom":{"fieldRef":{"fieldPath":"spec.nodeName"}}},
              {"name":"ACCOUNT","valueFrom":{"fieldRef":{"fieldPath":"spec.serviceAccountName"}}},
              {"name":"CPU","valueFrom":{"resourceFieldRef":{"resource":"requests.cpu","divisor":"1m"}}},
              {"name":"CPUS","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu"}}},
              {"name":"MEMORY","valueFrom":{"resourceFieldRef":{"resource":"limits.memory","divisor":"1Mi"}}}]}]}
            """, """{"labels":{"app":"shop"}}""");
        var env = ContainerEnvironment.Resolve(pod, pod.Spec.Containers[0]);
        Assert.Equal("v-map-$(LATER)", env["EXPANDED"]);
        Assert.Equal(("map", "secret", "web", "shop"), (env["MAP"], env["SECRET"], env["NAME"], env["LABEL"]));
        Assert.Equal(("10.9.0.2", "192.0.2.1", "node-1", "robot"), (env["IP"], env["HOST"], env["NODE"], env["ACCOUNT"]));
        Assert.Equal(("250", "2", "64"), (env["CPU"], env["CPUS"], env["MEMORY"]));
        Assert.Equal("m", env["P_all"]);
        Assert.False(env.ContainsKey("OPTIONAL"));
    }

    [Theory]
    [InlineData("""{"configMapKeyRef":{"name":"none","key":"k"}}""", "configmap \"none\" not found")]
    [InlineData("""{"secretKeyRef":{"name":"none","key":"k"}}""", "secret \"none\" not found")]
    [InlineData("""{"configMapKeyRef":{"name":"c","key":"no"}}""", "couldn't find key no in ConfigMap default/c")]
    public async Task What_is_missing_is_named(string from, string message)
    {
        await using var node = new TestNode();
        node.Put("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","namespace":"default"},"data":{"k":"map"}}""");
        var pod = await node.PodAsync($$"""{"containers":[{"name":"web","image":"nginx","env":[{"name":"A","valueFrom":{{from}}}]}]}""");
        Assert.Equal(message, Assert.Throws<ConfigException>(() => ContainerEnvironment.Resolve(pod, pod.Spec.Containers[0])).Message);
    }

    [Fact]
    public async Task Services_are_told_unless_the_pod_declines()
    {
        await using var node = new TestNode();
        node.Put("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"kubernetes","namespace":"default"},"spec":{"clusterIP":"10.96.0.1","ports":[{"name":"https","port":443,"protocol":"TCP"}]}}""");
        node.Put("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"my-db","namespace":"default"},"spec":{"clusterIP":"10.96.0.7","ports":[{"port":5432,"protocol":"TCP"}]}}""");
        node.Put("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"headless","namespace":"default"},"spec":{"clusterIP":"None","ports":[{"port":1}]}}""");
        var pod = await node.PodAsync("""{"containers":[{"name":"web","image":"nginx"}]}""");
        var env = ContainerEnvironment.Resolve(pod, pod.Spec.Containers[0]);
        Assert.Equal("10.96.0.1", env["KUBERNETES_SERVICE_HOST"]);
        Assert.Equal("443", env["KUBERNETES_SERVICE_PORT_HTTPS"]);
        Assert.Equal("tcp://10.96.0.7:5432", env["MY_DB_PORT_5432_TCP"]);
        Assert.DoesNotContain(env.Keys, k => k.StartsWith("HEADLESS", StringComparison.Ordinal));

        var quiet = await node.PodAsync("""{"enableServiceLinks":false,"containers":[{"name":"web","image":"nginx"}]}""", ip: "10.9.0.3");
        var less = ContainerEnvironment.Resolve(quiet, quiet.Spec.Containers[0]);
        Assert.Equal("10.96.0.1", less["KUBERNETES_SERVICE_HOST"]);
        Assert.DoesNotContain(less.Keys, k => k.StartsWith("MY_DB", StringComparison.Ordinal));
    }
}
