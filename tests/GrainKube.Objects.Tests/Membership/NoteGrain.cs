namespace GrainKube.Objects.Tests.Membership;

[Alias("GrainKube.Tests.INoteGrain")]
public interface INoteGrain : IGrainWithStringKey
{
    [Alias("Write")]
    Task WriteAsync(string text);

    [Alias("Read")]
    Task<string> ReadAsync();
}

public sealed class Note
{
    public string Text { get; set; } = "";
}

[GrainType("note")]
internal sealed class NoteGrain([PersistentState("note", "notes")] IPersistentState<Note> note) : Grain, INoteGrain, IRemindable
{
    public async Task WriteAsync(string text)
    {
        note.State.Text = text;
        await note.WriteStateAsync();
        await this.RegisterOrUpdateReminder("wake", TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5));
    }

    public Task<string> ReadAsync() => Task.FromResult(note.State.Text);

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}
