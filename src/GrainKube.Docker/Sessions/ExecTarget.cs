using GrainKube.Docker.Engine;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Sessions;

internal sealed class ExecTarget(DockerEngine engine, ExecProcess process) : ISessionTarget
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public async Task ResizeAsync(ushort width, ushort height, CancellationToken cancel)
    {
        // The first size comes with the request, often before the engine has the process up.
        for (var tries = 1; ; tries++)
        {
            try
            {
                await process.ResizeAsync(width, height, cancel);
                return;
            }
            catch (RuntimeException exception) when (exception.Error != RuntimeError.Unavailable)
            {
                if (tries == 25)
                {
                    throw;
                }
            }

            await Task.Delay(Pause, engine.Time, cancel);
        }
    }

    public async Task<int?> GetExitCodeAsync(CancellationToken cancel) => await process.WaitAsync(cancel);

    public Task EndAsync() => process.KillAsync(CancellationToken.None);
}
