namespace GrainKube.ApiServer.Watches;

/// <summary>Tells when the next bookmark of a watch is due.</summary>
internal sealed class PeriodicBookmarks(TimeSpan interval, TimeProvider time)
{
    private Task due = Task.Delay(interval, time, CancellationToken.None);

    /// <summary>True where the bookmark is due before <paramref name="reading"/> has something.</summary>
    public async ValueTask<bool> DueBeforeAsync(Task reading, CancellationToken cancel)
    {
        await Task.WhenAny(reading, due);
        cancel.ThrowIfCancellationRequested();
        if (reading.IsCompleted)
        {
            return false;
        }

        due = Task.Delay(interval, time, CancellationToken.None);
        return true;
    }
}
