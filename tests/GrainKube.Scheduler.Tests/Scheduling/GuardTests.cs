using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Scheduler.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace GrainKube.Scheduler.Tests.Scheduling;

public sealed class GuardTests
{
    private static readonly ObjectKey Pod = new("", "pods", "n", "p");
    private int faults;

    [Fact]
    public async Task What_is_done_is_done()
    {
        Assert.True(await RunAsync(null));
        Assert.Equal(0, faults);
    }

    [Fact]
    public async Task What_passes_is_tried_again_by_whoever_waits()
    {
        foreach (var error in new Exception[] { ApiException.NotFound(Pod.GroupResource, "p"), new TimeoutException(), new OperationCanceledException() })
        {
            Assert.False(await RunAsync(error));
        }

        Assert.Equal(0, faults);
    }

    [Fact]
    public async Task What_nobody_thought_of_starts_the_scheduler_anew()
    {
        Assert.False(await RunAsync(new InvalidOperationException("nobody thought of it")));
        Assert.Equal(1, faults);
    }

    private Task<bool> RunAsync(Exception? error) =>
        new Guard("s", () => faults++, NullLogger.Instance).RunAsync(Pod, "bound", () => error is null ? Task.CompletedTask : Task.FromException(error));
}
