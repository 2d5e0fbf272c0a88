using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Kubectl;

public sealed class DiscoveryTests(SharedCluster shared) : KubectlTest(shared)
{
    [Theory, MemberData(nameof(Versions))]
    public async Task What_is_served_can_be_asked_for(string version)
    {
        var kubectl = Cluster.Kubectl(version);

        Assert.Matches("deployments +deploy +apps/v1 +true +Deployment", await kubectl.OkAsync("api-resources"));
        Assert.Contains("pods/exec", await kubectl.OkAsync("get", "--raw", "/api/v1"), StringComparison.Ordinal);
        Assert.Contains("apps/v1\n", await kubectl.OkAsync("api-versions"), StringComparison.Ordinal);
        Assert.Matches("Server Version: .*v1\\.37\\.", await kubectl.OkAsync("version"));
        Assert.Contains("is running at", await kubectl.OkAsync("cluster-info"), StringComparison.Ordinal);
        Assert.Equal("ok", await kubectl.OkAsync("get", "--raw", "/readyz"));
        Assert.Equal("yes\n", await kubectl.OkAsync("auth", "can-i", "delete", "pods"));
        Assert.StartsWith("no", (await kubectl.RunAsync("auth", "can-i", "list", "secrets", "--as=system:serviceaccount:default:default")).Output, StringComparison.Ordinal);
        Assert.Contains("cannot list resource \"secrets\" in API group \"\" in the namespace \"default\"", await kubectl.FailsAsync("get", "secrets", "--as=system:serviceaccount:default:default"), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Fields_are_explained(string version)
    {
        var kubectl = Cluster.Kubectl(version);

        var tree = await kubectl.OkAsync("explain", "deployment", "--recursive");
        Assert.Matches("containers\t<\\[\\]Container>", tree);
        Assert.Contains("progressDeadlineSeconds", tree, StringComparison.Ordinal);
        Assert.Contains("Number of desired pods", await kubectl.OkAsync("explain", "deployment.spec.replicas"), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Every_generator_of_create_is_understood(string version)
    {
        var kubectl = await NewAsync(version);
        var own = kubectl.Namespace;
        string[][] commands =
        [
            ["configmap", "cm", "--from-literal=a=b"],
            ["secret", "generic", "sec", "--from-literal=a=b"],
            ["secret", "docker-registry", "reg", "--docker-username=u", "--docker-password=p"],
            ["serviceaccount", "acc"],
            ["deployment", "dep", $"--image={Sample.Image}", "--replicas=0"],
            ["job", "job", $"--image={Sample.Image}", "--", "true"],
            ["cronjob", "cron", $"--image={Sample.Image}", "--schedule=0 0 * * *", "--", "true"],
            ["service", "clusterip", "svc", "--tcp=80:80"],
            ["service", "nodeport", "np", "--tcp=80:80"],
            ["service", "externalname", "en", "--external-name=example.org"],
            ["ingress", "ing", "--rule=a.example/=svc:80"],
            ["poddisruptionbudget", "pdb", "--selector=a=b", "--min-available=1"],
            ["quota", "quo", "--hard=pods=100"],
            ["role", "rol", "--verb=get", "--resource=pods"],
            ["rolebinding", "rob", "--role=rol", $"--serviceaccount={own}:acc"],
            ["clusterrole", "clu-" + own, "--verb=get", "--resource=nodes"],
            ["clusterrolebinding", "clb-" + own, "--clusterrole=view", $"--serviceaccount={own}:acc"],
            ["priorityclass", "pri-" + own, "--value=5"],
            ["namespace", own + "-more"],
        ];

        foreach (var command in commands)
        {
            Assert.Contains(" created", await kubectl.OkAsync(["create", .. command]), StringComparison.Ordinal);
        }

        Assert.Equal(3, (await kubectl.OkAsync("create", "token", "acc")).Split('.').Length);
        Assert.Contains("pod/one created", await kubectl.OkAsync("run", "one", $"--image={Sample.Image}", "--", "true"), StringComparison.Ordinal);
        Assert.Contains("exposed", await kubectl.OkAsync("expose", "deployment", "dep", "--port=80"), StringComparison.Ordinal);
        Assert.Contains("autoscaled", await kubectl.OkAsync("autoscale", "deployment", "dep", "--max=3"), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Every_kind_that_runs_here_is_described(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(Sample.Deployment("web", 1));
        await kubectl.OkAsync("rollout", "status", "deployment/web", "--timeout=180s");
        await kubectl.OkAsync("expose", "deployment", "web", "--port=80");
        await kubectl.OkAsync("create", "secret", "generic", "sec", "--from-literal=a=b");

        await Eventually.GetAsync(() => kubectl.OkAsync("describe", "pod", "-l", "app=web"), text => text.Contains("Container started", StringComparison.Ordinal), "the events of the pod");
        var pod = await kubectl.OkAsync("describe", "pod", "-l", "app=web");
        Assert.Matches($"Normal +Scheduled +[^ ]+ +default-scheduler +Successfully assigned {kubectl.Namespace}/web-[a-z0-9-]+ to {Cluster.NodeName}", pod);
        Assert.Matches($"Normal +Pulled +[^ ]+ +kubelet +Container image \"{Sample.Image}\" already present on machine", pod);
        Assert.Matches("Normal +Created +[^ ]+ +kubelet +Container created", pod);
        Assert.Matches("Ready +True", pod);
        Assert.Matches("QoS Class: +BestEffort", pod);
        Assert.Matches("ScalingReplicaSet +[^ ]+ +deployment-controller +Scaled up replica set web-[a-z0-9]+ (from 0 )?to 1", await kubectl.OkAsync("describe", "deployment", "web"));
        Assert.Contains("SuccessfulCreate", await kubectl.OkAsync("describe", "replicaset", "-l", "app=web"), StringComparison.Ordinal);
        Assert.Matches("Selector: +app=web", await kubectl.OkAsync("describe", "service", "web"));
        Assert.Matches("a: +1 bytes", await kubectl.OkAsync("describe", "secret", "sec"));
        Assert.Contains("kube-root-ca.crt", await kubectl.OkAsync("describe", "configmaps"), StringComparison.Ordinal);
        Assert.Matches("Status: +Active", await kubectl.OkAsync("describe", "namespace", kubectl.Namespace));
        Assert.Contains("Name:", await kubectl.OkAsync("describe", "serviceaccount", "default"), StringComparison.Ordinal);
        Assert.Matches($"(?s)Name: +{Cluster.NodeName}.*Allocated resources:", await kubectl.OkAsync("describe", "node", Cluster.NodeName));
        Assert.Contains("Name:", await kubectl.OkAsync("describe", "lease", "-n", "kube-node-lease", Cluster.NodeName), StringComparison.Ordinal);
        Assert.Contains("Reason", await kubectl.OkAsync("describe", "events"), StringComparison.OrdinalIgnoreCase);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Wait_waits_for_conditions_values_and_ends(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(Sample.Pod("it", Sample.Idle));

        Assert.Equal("pod/it condition met\n", await kubectl.OkAsync("wait", "--for=condition=Ready", "pod/it", "--timeout=180s"));
        Assert.Equal("pod/it condition met\n", await kubectl.OkAsync("wait", "--for=jsonpath={.status.phase}=Running", "pod/it", "--timeout=180s"));
        await kubectl.OkAsync("delete", "pod", "it", "--wait=false");
        await kubectl.OkAsync("wait", "--for=delete", "pod/it", "--timeout=180s");
        await kubectl.ApplyAsync(Sample.ConfigMap("it"));
        Assert.Contains("timed out waiting for the condition", await kubectl.FailsAsync("wait", "--for=delete", "cm/it", "--timeout=1s"), StringComparison.Ordinal);
    }
}
