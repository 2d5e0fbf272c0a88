using System.Text.Json.Nodes;
using GrainKube.Docker.Engine;
using GrainKube.Docker.Images;

namespace GrainKube.Docker.Pause;

/// <summary>The sandbox's image, loaded into the engine on first use: nothing is pulled for it. Once seen it is taken to be there until the engine says otherwise.</summary>
internal sealed class PauseImage(DockerEngine engine)
{
    private byte[]? program;
    private string architecture = "";
    private volatile string? known;

    /// <summary>The image's id, and whether it was asked for just now; loads it where it is absent, for example after a prune.</summary>
    public async Task<(string Id, bool Fresh)> EnsureAsync(CancellationToken cancel)
    {
        if (known is { } id)
        {
            return (id, false);
        }

        if (program is null)
        {
            architecture = (await engine.CallAsync(docker => docker.System.GetVersionAsync(cancel), cancel)).Arch;
            program = PauseProgram.For(architecture);
        }

        var reference = $"grainkube.local/pause:{PauseProgram.HashOf(program)}";
        var image = await engine.FindAsync(docker => docker.Images.InspectImageAsync(reference, cancel), cancel);
        if (image is null)
        {
            var archive = new ImageArchive(reference, architecture) { Config = { ["Entrypoint"] = new JsonArray("/pause") } };
            await engine.LoadAsync(archive.AddFile("pause", program).ToArray(), cancel);
            image = await engine.CallAsync(docker => docker.Images.InspectImageAsync(reference, cancel), cancel);
        }

        return (known = image.ID, true);
    }

    /// <summary>Somebody removed it.</summary>
    public void Forget() => known = null;
}
