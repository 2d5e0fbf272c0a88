using System.Runtime.CompilerServices;
using Docker.DotNet;
using Docker.DotNet.Models;
using GrainKube.Docker.Engine;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Logs;

/// <summary>Reads a container's log from the engine.</summary>
internal sealed class ContainerLog(DockerEngine engine)
{
    public async IAsyncEnumerable<LogLine> ReadAsync(string id, LogQuery query, [EnumeratorCancellation] CancellationToken cancel)
    {
        var container = await engine.InspectAsync(id, cancel) ?? throw new RuntimeException(RuntimeError.NotFound, $"The container {id} is not there.");
        var parameters = new ContainerLogsParameters
        {
            ShowStdout = true,
            ShowStderr = true,
            Timestamps = true,
            Follow = query.Follow,
            Tail = query.TailLines?.ToString() ?? "all",
            Since = query.Since is { } since ? EngineTime.Query(since) : null,
        };
        using var stream = await engine.CallAsync(docker => docker.Containers.GetContainerLogsAsync(id, container.Config.Tty, parameters, cancel), cancel);
        LogLineReader[] readers = [new(isStderr: false), new(isStderr: true)];
        var buffer = new byte[32 * 1024];
        while (true)
        {
            var piece = await engine.CallAsync(_ => stream.ReadOutputAsync(buffer, 0, buffer.Length, cancel), cancel);
            if (piece.EOF)
            {
                break;
            }

            var reader = readers[piece.Target == MultiplexedStream.TargetStream.StandardError ? 1 : 0];
            foreach (var line in reader.Append(buffer.AsSpan(0, piece.Count)))
            {
                yield return line;
            }
        }

        foreach (var reader in readers)
        {
            if (reader.Finish() is { } line)
            {
                yield return line;
            }
        }
    }
}
