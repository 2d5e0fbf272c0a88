using System.Text.RegularExpressions;
using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Kubectl;

/// <summary>Jobs and what they use, with real containers.</summary>
public sealed partial class JobTests(SharedCluster shared) : KubectlTest(shared)
{
    [Fact]
    public async Task An_indexed_job_tells_each_pod_its_number_and_a_cron_jobs_job_can_be_made_by_hand()
    {
        var kubectl = await NewAsync(KubectlBinaries.Newest);
        await kubectl.ApplyAsync(Job("many", "  completions: 2\n  parallelism: 2\n  completionMode: Indexed", "echo number $JOB_COMPLETION_INDEX on $(hostname)", "Never"));
        await kubectl.ApplyAsync(CronJob("nightly", "0 3 * * *"));
        Assert.Contains(
            "The CronJob \"never\" is invalid: spec.schedule: Invalid value: \"every night\": expected exactly 5 fields, found 2: [every night]",
            (await kubectl.RunWithAsync(CronJob("never", "every night"), "apply", "-f", "-")).Fails(),
            StringComparison.Ordinal);

        await kubectl.OkAsync("wait", "--for=condition=complete", "job/many", "--timeout=180s");
        Assert.Equal("0,1", await kubectl.GetAsync("job/many", "{.status.completedIndexes}"));
        Assert.Equal("number 1 on many-1\n", await kubectl.OkAsync("logs", "-l", "batch.kubernetes.io/job-completion-index=1,job-name=many"));

        await kubectl.OkAsync("create", "job", "--from=cronjob/nightly", "now");
        await kubectl.OkAsync("wait", "--for=condition=complete", "job/now", "--timeout=180s");
        Assert.Equal("good night\n", await kubectl.OkAsync("logs", "job/now"));

        await kubectl.OkAsync("delete", "job", "many", "--timeout=180s");
        await Eventually.GetAsync(() => kubectl.OkAsync("get", "pods", "-l", "job-name=many", "-o", "name"), text => text.Length == 0, "the job's pods to go");
    }

    [Fact]
    public async Task Containers_that_fail_are_started_again_until_they_succeed_or_the_policy_ends_the_job()
    {
        var kubectl = await NewAsync(KubectlBinaries.Newest);
        await kubectl.ApplyAsync(Job("again", "  backoffLimit: 4", "test -f /data/seen || { touch /data/seen; exit 1; }", "OnFailure", volume: true));
        await kubectl.ApplyAsync(Job(
            "never", "  podFailurePolicy: { rules: [{ action: FailJob, onExitCodes: { operator: In, values: [42] } }] }", "exit 42", "Never"));

        await kubectl.OkAsync("wait", "--for=condition=complete", "job/again", "--timeout=180s");
        await kubectl.OkAsync("wait", "--for=condition=failed", "job/never", "--timeout=180s");

        Assert.Matches(
            "^Container main for pod .*/never-[a-z0-9]{5} failed with exit code 42 matching FailJob rule at index 0$",
            await kubectl.GetAsync("job/never", "{.status.conditions[?(@.type==\"Failed\")].message}"));
    }

    [Fact]
    public async Task Top_shows_what_nodes_and_pods_use()
    {
        var kubectl = await NewAsync(KubectlBinaries.Newest);
        await kubectl.ApplyAsync(Sample.Pod("busy", "while true; do :; done", "    resources: { limits: { cpu: 200m } }"));
        await kubectl.UntilAsync("pod/busy", "{.status.phase}", "Running");

        var pods = await Eventually.GetAsync(
            () => kubectl.OkAsync("top", "pods", "--no-headers"), text => PodLine().Match(text) is { Success: true } line && int.Parse(line.Groups[1].ValueSpan, null) > 20, "the pod's use");
        Assert.Contains("busy", pods, StringComparison.Ordinal);
        Assert.Matches(@"^\S+\s+\d+m\s+\d+%\s+\d+Mi\s+\d+%\s*$", (await kubectl.OkAsync("top", "nodes", "--no-headers")).Trim());
    }

    [GeneratedRegex(@"busy\s+(\d+)m\s+\d+Mi")]
    private static partial Regex PodLine();

    private static string Job(string name, string spec, string script, string restart, bool volume = false) => $$"""
        apiVersion: batch/v1
        kind: Job
        metadata: { name: {{name}} }
        spec:
        {{spec}}
          template:
            spec:
              restartPolicy: {{restart}}
              terminationGracePeriodSeconds: 1
              volumes: [{{(volume ? "{ name: data, emptyDir: {} }" : "")}}]
              containers:
              - name: main
                image: {{Sample.Image}}
                command: [sh, -c, "{{script}}"]
                volumeMounts: [{{(volume ? "{ name: data, mountPath: /data }" : "")}}]
        """;

    private static string CronJob(string name, string schedule) => $$"""
        apiVersion: batch/v1
        kind: CronJob
        metadata: { name: {{name}} }
        spec:
          schedule: "{{schedule}}"
          jobTemplate:
            spec:
              template:
                spec:
                  restartPolicy: Never
                  containers: [{ name: main, image: "{{Sample.Image}}", command: [echo, good night] }]
        """;
}
