using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using Relais.Fieldwork.Appointments;
using Relais.Fieldwork.Board;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Dialling;
using Relais.Fieldwork.Interviews;
using Relais.Fieldwork.Privacy;
using Relais.Fieldwork.Quotas;
using Relais.Fieldwork.Reviews;
using Relais.Fieldwork.Samples;
using Relais.Fieldwork.Steering;
using Relais.Fieldwork.Studies;
using Relais.Fieldwork.Teams;
using Relais.Fieldwork.Webhooks;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;
using Relais.Kernel.Events;

namespace Relais.Fieldwork;

/// <summary>Schema "fieldwork": studies, waves, samples, cases and their calls, quotas, interviewers.</summary>
internal sealed class FieldworkDb(DbContextOptions<FieldworkDb> options) : DbContext(options)
{
    public const string Schema = "fieldwork";

    public DbSet<Study> Studies => Set<Study>();

    public DbSet<Questionnaire> Questionnaires => Set<Questionnaire>();

    public DbSet<Wave> Waves => Set<Wave>();

    public DbSet<WaveDay> WaveDays => Set<WaveDay>();

    public DbSet<Team> Teams => Set<Team>();

    public DbSet<Interviewer> Interviewers => Set<Interviewer>();

    public DbSet<Shift> Shifts => Set<Shift>();

    public DbSet<Case> Cases => Set<Case>();

    public DbSet<CaseRecord> Records => Set<CaseRecord>();

    public DbSet<CaseNumber> Numbers => Set<CaseNumber>();

    public DbSet<NumberState> NumberStates => Set<NumberState>();

    public DbSet<Pool> Pools => Set<Pool>();

    public DbSet<Stratum> Strata => Set<Stratum>();

    public DbSet<Hold> Holds => Set<Hold>();

    public DbSet<Attempt> Attempts => Set<Attempt>();

    public DbSet<DoneCommand> Commands => Set<DoneCommand>();

    public DbSet<Appointment> Appointments => Set<Appointment>();

    public DbSet<Quota> Quotas => Set<Quota>();

    public DbSet<QuotaCell> QuotaCells => Set<QuotaCell>();

    public DbSet<Reservation> Reservations => Set<Reservation>();

    public DbSet<Suppression> Suppressions => Set<Suppression>();

    public DbSet<CaseCount> CaseCounts => Set<CaseCount>();

    public DbSet<SampleBatch> Batches => Set<SampleBatch>();

    public DbSet<SampleFault> SampleFaults => Set<SampleFault>();

    public DbSet<Notice> Notices => Set<Notice>();

    public DbSet<NoticeRead> NoticeReads => Set<NoticeRead>();

    public DbSet<Presence> Presences => Set<Presence>();

    public DbSet<CommittedSlot> CommittedSlots => Set<CommittedSlot>();

    public DbSet<CellDay> CellDays => Set<CellDay>();

    public DbSet<Review> Reviews => Set<Review>();

    public DbSet<Interview> Interviews => Set<Interview>();

    public DbSet<InterviewEvent> InterviewEvents => Set<InterviewEvent>();

    public DbSet<StudyChange> Changes => Set<StudyChange>();

    public DbSet<FeedHead> FeedHeads => Set<FeedHead>();

    public DbSet<Webhook> Webhooks => Set<Webhook>();

    public DbSet<WebhookDelivery> Deliveries => Set<WebhookDelivery>();

    public DbSet<ErasedNumber> ErasedNumbers => Set<ErasedNumber>();

    public DbSet<NumberKey> NumberKeys => Set<NumberKey>();

    public DbSet<Erasure> Erasures => Set<Erasure>();

    public DbSet<WaveDialler> WaveDiallers => Set<WaveDialler>();

    public DbSet<DialledCall> DialledCalls => Set<DialledCall>();

    public DbSet<DialSeat> DialSeats => Set<DialSeat>();

    public DbSet<DialMinute> DialMinutes => Set<DialMinute>();

    // What the database refuses is answered in words.
    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.ConfigureWarnings(events => events.Log(
        (CoreEventId.SaveChangesFailed, LogLevel.Debug), (RelationalEventId.CommandError, LogLevel.Debug)));

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        FieldworkModel.Map(modelBuilder);
        InterviewModel.Map(modelBuilder);
        SupervisionModel.Map(modelBuilder);
        SteeringModel.Map(modelBuilder);
        WebhookModel.Map(modelBuilder);
        PrivacyModel.Map(modelBuilder);
        DiallingModel.Map(modelBuilder);
        ColumnNames.Map(modelBuilder);
        modelBuilder.AddAudit();
        modelBuilder.AddOutbox();
    }
}

internal sealed class FieldworkDbDesign : IDesignTimeDbContextFactory<FieldworkDb>
{
    public FieldworkDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<FieldworkDb>()
            .UseNpgsql("Host=localhost", npgsql => npgsql.MigrationsHistoryTable("migrations", FieldworkDb.Schema)).Options);
}
