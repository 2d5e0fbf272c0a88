using GrainKube.Objects.Store;
using Microsoft.Extensions.DependencyInjection;

namespace GrainKube.Objects.Reminders;

/// <summary>Registers the reminder table on the store.</summary>
public static class ObjectStoreReminderExtensions
{
    /// <summary>Turns reminders on and keeps them in the process's <see cref="IObjectStore"/>.</summary>
    public static ISiloBuilder UseObjectStoreReminders(this ISiloBuilder silo)
    {
        silo.AddReminders();
        silo.Services.AddObjectStoreReminderTable();
        return silo;
    }

    /// <summary>The table alone.</summary>
    public static IServiceCollection AddObjectStoreReminderTable(this IServiceCollection services) => services.AddSingleton<IReminderTable, ObjectStoreReminderTable>();
}
