using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Samples;

public sealed class GuestbookTests
{
    private const string Entry = "hello &amp; 100% welcome";

    [Fact]
    public async Task The_guestbook_answers_in_every_way_and_keeps_its_entries_when_its_database_dies()
    {
        await using var cluster = await ServerCluster.StartWithIngressAsync();
        using var book = await Guestbook.DeployAsync(cluster);
        var kubectl = book.Kubectl;

        await book.SignAsync("hello & 100% welcome");
        var pod = (await kubectl.OkAsync("get", "pods", "-l", "app=web", "-o", "jsonpath={.items[0].status.podIP}")).Trim();
        await book.PageAsync(new Uri($"http://{pod}:8080/"), Entry);
        await book.PageAsync(book.ByService, Entry);
        await book.PageAsync(book.ByNodePort, Entry);
        await book.PageAsync(book.ByIngress, Entry);
        Assert.Contains(Entry, await kubectl.OkAsync("exec", "daemonset/agent", "--", "timeout", "10", "wget", "-qO-", "http://web.guestbook.svc.cluster.local/"), StringComparison.Ordinal);

        var killed = await kubectl.GetAsync("pod/db-0", "{.metadata.uid}");
        await kubectl.OkAsync("delete", "pod", "db-0", "--grace-period=0", "--force");
        await kubectl.UntilAsync("pod/db-0", "{.metadata.uid}", uid => uid.Length > 0 && uid != killed, "another");
        await kubectl.OkAsync("rollout", "status", "statefulset/db", "--timeout=180s");
        await book.PageAsync(book.ByService, Entry);

        await kubectl.OkAsync("create", "job", "--from=cronjob/backup", "backup-now");
        await kubectl.OkAsync("wait", "--for=condition=complete", "job/backup-now", "--timeout=180s");
        Assert.StartsWith("1 entries in /backups/", await kubectl.OkAsync("logs", "job/backup-now"), StringComparison.Ordinal);
        Assert.StartsWith($"{cluster.NodeName}: load ", await kubectl.OkAsync("logs", "daemonset/agent"), StringComparison.Ordinal);

        await kubectl.OkAsync("delete", "namespace", "guestbook", "--timeout=180s");
        await Eventually.GetAsync(() => kubectl.OkAsync("get", "persistentvolumes", "-o", "name"), left => left.Length == 0, "the volumes to go with their claims");
    }
}
