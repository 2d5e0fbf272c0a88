using System.Text;
using GrainKube.Docker.Tests.Engine;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Tests.Logs;

public sealed class ContainerLogTests(EngineFixture engine) : IClassFixture<EngineFixture>
{
    [Fact]
    public async Task Both_streams_are_read_in_order_with_times()
    {
        var pod = await TestPod.StartAsync(engine);
        var id = await pod.RunAsync(pod.Script("echo one; sleep 0.1; echo two >&2; sleep 0.1; echo -n three"));
        await pod.EndOfAsync(id);

        var lines = await ReadAsync(id, new LogQuery());

        Assert.Equal([("one\n", false), ("two\n", true), ("three", false)], lines.Select(line => (TextOf(line), line.IsStderr)));
        Assert.Equal(lines.Select(line => line.Time).Order(), lines.Select(line => line.Time));
    }

    [Fact]
    public async Task Tail_and_since_cut_the_beginning_off()
    {
        var pod = await TestPod.StartAsync(engine);
        var id = await pod.RunAsync(pod.Script("for i in 1 2 3 4; do echo $i; sleep 0.05; done"));
        await pod.EndOfAsync(id);
        var all = await ReadAsync(id, new LogQuery());

        Assert.Equal(["3\n", "4\n"], (await ReadAsync(id, new LogQuery(TailLines: 2))).Select(TextOf));
        Assert.Empty(await ReadAsync(id, new LogQuery(TailLines: 0)));
        Assert.Equal(["2\n", "3\n", "4\n"], (await ReadAsync(id, new LogQuery(Since: all[0].Time.AddMilliseconds(10)))).Select(TextOf));
    }

    [Fact]
    public async Task Following_shows_lines_as_they_come_and_ends_with_the_container()
    {
        var pod = await TestPod.StartAsync(engine);
        var id = await pod.RunAsync(pod.Script("echo up; until [ -e /tmp/go ]; do sleep 0.05; done; echo end"));
        await using var lines = pod.Runtime.Containers.ReadLogAsync(id, new LogQuery(Follow: true), CancellationToken.None).GetAsyncEnumerator();

        Assert.True(await lines.MoveNextAsync());
        Assert.Equal("up\n", TextOf(lines.Current));
        await pod.Runtime.Containers.ExecAsync(id, ["sh", "-c", "echo > /tmp/go"], TimeSpan.FromSeconds(20), CancellationToken.None);
        Assert.True(await lines.MoveNextAsync());
        Assert.Equal("end\n", TextOf(lines.Current));
        Assert.False(await lines.MoveNextAsync());
    }

    [Fact]
    public async Task Following_can_be_given_up()
    {
        var pod = await TestPod.StartAsync(engine);
        var id = await pod.RunAsync(pod.Script("echo up; sleep 1000"));
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in pod.Runtime.Containers.ReadLogAsync(id, new LogQuery(Follow: true), stop.Token))
            {
                await stop.CancelAsync();
            }
        });
    }

    [Theory]
    [InlineData(false, "\n")]
    [InlineData(true, "\r\n")]
    public async Task Long_lines_come_whole_in_pieces_with_and_without_a_terminal(bool tty, string newline)
    {
        var pod = await TestPod.StartAsync(engine);
        var id = await pod.RunAsync(pod.Script("head -c 50000 /dev/zero | tr '\\0' x; echo; echo after") with { Tty = tty });
        await pod.EndOfAsync(id);

        var lines = await ReadAsync(id, new LogQuery());

        Assert.Equal(new string('x', 50000) + newline + "after" + newline, string.Concat(lines.Select(TextOf)));
    }

    [Fact]
    public async Task The_log_of_an_absent_container_is_not_found()
    {
        var error = await Assert.ThrowsAsync<RuntimeException>(() => ReadAsync(new string('0', 64), new LogQuery()));

        Assert.Equal(RuntimeError.NotFound, error.Error);
    }

    private static string TextOf(LogLine line) => Encoding.UTF8.GetString(line.Text.Span);

    private async Task<List<LogLine>> ReadAsync(string id, LogQuery query)
    {
        var lines = new List<LogLine>();
        await foreach (var line in engine.Runtime.Containers.ReadLogAsync(id, query, CancellationToken.None))
        {
            lines.Add(line);
        }

        return lines;
    }
}
